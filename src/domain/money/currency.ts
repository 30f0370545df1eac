/** Decimals of each currency's minor unit (ISO 4217); only currencies listed here may occur. */
const exponents: ReadonlyMap<string, number> = new Map([
  ...group(0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'),
  ...group(3, 'BHD IQD JOD KWD LYD OMR TND'),
  ...group(
    2,
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN ' +
      'BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS ' +
      'GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR ' +
      'LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD ' +
      'PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN ' +
      'SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW ZWG',
  ),
])

function group(exponent: number, codes: string): [string, number][] {
  return codes.split(' ').map((code) => [code, exponent])
}

/** Decimals of the currency's minor unit; undefined for a currency that is not known. */
export function exponentOf(currency: string): number | undefined {
  return exponents.get(currency)
}

/** Whether the code is a currency that amounts may have. */
export function isCurrency(code: string): boolean {
  return exponents.has(code)
}

/** Minor units as a decimal string with exactly the currency's decimals: -5 CNY is `-0.05`. */
export function formatMinor(minor: number | bigint, currency: string): string {
  const exponent = exponents.get(currency) ?? 0
  const digits = String(minor < 0 ? -minor : minor)
  const sign = minor < 0 ? '-' : ''
  if (exponent === 0) return sign + digits
  const padded = digits.padStart(exponent + 1, '0')
  return `${sign}${padded.slice(0, -exponent)}.${padded.slice(-exponent)}`
}
