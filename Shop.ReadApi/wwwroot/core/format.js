// Decimals of ISO 4217, which the APIs count in; the browser's own differ for some currencies.
const decimals = {
  0:
    'ADP BIF BYR CLP DJF ESP GNF ISK ITL JPY KMF KRW LUF MGF MRO PYG RWF SLL STD TMM TRL UGX UYI VND VUV XAF ' +
    'XDR XOF XPF ZMK ZWD',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};
const decimalsOf = Object.fromEntries(
  Object.entries(decimals).flatMap(([digits, codes]) => codes.split(' ').map(code => [code, Number(digits)])),
);

const moneyFormats = new Map();

export const digitsOf = currency => decimalsOf[currency] ?? 2;

export function money({ amount, currency }) {
  const digits = digitsOf(currency);
  if (!moneyFormats.has(currency)) {
    moneyFormats.set(
      currency,
      new Intl.NumberFormat(undefined, {
        style: 'currency',
        currency,
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }),
    );
  }
  return moneyFormats.get(currency).format(amount / 10 ** digits);
}

/** Minor units of an amount as somebody typed it; null if it is not one. */
export function minorUnits(text, currency) {
  const digits = digitsOf(currency);
  const plain = text.trim().replace(',', '.');
  const isAmount = new RegExp(`^\\d+(\\.\\d{1,${digits || 1}})?$`).test(plain);
  return isAmount ? Math.round(Number(plain) * 10 ** digits) : null;
}

const plain = new Intl.NumberFormat();
export const number = value => plain.format(value);

export const ms = value => `${value < 10 ? Math.round(value * 10) / 10 : plain.format(Math.round(value))} ms`;

export const duration = seconds =>
  seconds < 1
    ? `${Math.round(seconds * 1000)} ms`
    : seconds < 10
      ? `${seconds.toFixed(1)} s`
      : seconds < 120
        ? `${Math.round(seconds)} s`
        : `${plain.format(Math.round(seconds / 60))} min`;

const exactFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
export const exact = time => exactFormat.format(new Date(time));

const clockFormat = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
export const clock = time => clockFormat.format(new Date(time));

const dayFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });
export const day = text => dayFormat.format(new Date(`${text}T00:00:00Z`));

const relativeFormat = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' });
const units = [
  ['year', 31557600],
  ['month', 2629800],
  ['week', 604800],
  ['day', 86400],
  ['hour', 3600],
  ['minute', 60],
];

export function relative(time) {
  const seconds = (new Date(time) - Date.now()) / 1000;
  const unit = units.find(([, size]) => Math.abs(seconds) >= size);
  return unit ? relativeFormat.format(Math.round(seconds / unit[1]), unit[0]) : relativeFormat.format(0, 'second');
}

const countries = new Intl.DisplayNames(undefined, { type: 'region', fallback: 'code' });
export function country(code) {
  try {
    return countries.of(code);
  } catch {
    return code;
  }
}

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const decode = text =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (all, hex, decimal, name) =>
    hex
      ? String.fromCodePoint(parseInt(hex, 16))
      : decimal
        ? String.fromCodePoint(Number(decimal))
        : (entities[name] ?? all),
  );

/** The pieces of a highlighted fragment, which the API sends as HTML: [{text, isMatch}] */
export function pieces(fragment) {
  let isMatch = false;
  return fragment.split(/(<\/?mark>)/).flatMap(part => {
    if (part === '<mark>' || part === '</mark>') {
      isMatch = part === '<mark>';
      return [];
    }
    return part ? [{ text: decode(part), isMatch }] : [];
  });
}
