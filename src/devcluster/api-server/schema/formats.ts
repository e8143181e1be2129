import { isIPv4, isIPv6 } from 'node:net';

type Check = (text: string) => boolean;

const UUID_PARTS = (version: string, variant: string): RegExp =>
  new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?${variant}[0-9a-f]{3}-?[0-9a-f]{12}$`, 'i');
const HEX = '[0-9a-f]';
const VARIANT = '[89ab]';
const COLOR_PART = String.raw`\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*`;
const SHORT_NAME = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';

/**
 * The formats that kube-apiserver checks in CustomResourceDefinitions; every other one is ignored. The names are compared
 * without their dashes (go-openapi strfmt).
 */
const checks: Readonly<Record<string, Check>> = {
  bsonobjectid: (text) => /^[0-9a-f]{24}$/i.test(text),
  uri: isRequestUri,
  email: (text) => /^(?:[^<>]*<)?[^\s@<>"(),:;[\]\\]+@[^\s@<>"(),:;\\]+>?$/.test(text.trim()),
  hostname: isHostname,
  ipv4: isIPv4,
  ipv6: isIPv6,
  cidr: isCidr,
  mac: (text) =>
    /^([0-9a-f]{2}([:-])([0-9a-f]{2}\2){4}([0-9a-f]{2}\2){0,2}[0-9a-f]{2}|([0-9a-f]{4}\.){2,3}[0-9a-f]{4})$/i.test(
      text,
    ),
  uuid: (text) => UUID_PARTS(HEX, HEX).test(text),
  uuid3: (text) => UUID_PARTS('3', HEX).test(text),
  uuid4: (text) => UUID_PARTS('4', VARIANT).test(text),
  uuid5: (text) => UUID_PARTS('5', VARIANT).test(text),
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  creditcard: isCreditCard,
  ssn: (text) => /^\d{3}[- ]?\d{2}[- ]?\d{4}$/.test(text),
  hexcolor: (text) => /^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/.test(text),
  rgbcolor: (text) => new RegExp(String.raw`^rgb\(${COLOR_PART},${COLOR_PART},${COLOR_PART}\)$`).test(text),
  byte: (text) =>
    /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/.test(text),
  password: () => true,
  date: isDate,
  duration: isDuration,
  datetime: isDateTime,
  k8sshortname: (text) => text.length <= 63 && new RegExp(`^${SHORT_NAME}$`).test(text),
  k8slongname: (text) =>
    text.length <= 253 && new RegExp(String.raw`^${SHORT_NAME}(\.${SHORT_NAME})*$`).test(text),
};

/** Whether the API server checks this format of strings at all. */
export function isSupportedFormat(format: string): boolean {
  return Object.hasOwn(checks, normalised(format));
}

/** Whether a text is of a format; true for formats that are not checked. */
export function hasFormat(text: string, format: string): boolean {
  return checks[normalised(format)]?.(text) ?? true;
}

function normalised(format: string): string {
  return format.replaceAll('-', '');
}

/** Go's net/url.ParseRequestURI: an absolute URI, or an absolute path. */
function isRequestUri(text: string): boolean {
  if (/[\s\p{Cc}]/u.test(text) || /%(?![0-9a-fA-F]{2})/.test(text)) {
    return false;
  }
  return text.startsWith('/') || /^[a-zA-Z][a-zA-Z0-9+.-]*:.+/.test(text);
}

function isHostname(text: string): boolean {
  const label = String.raw`[a-zA-Z0-9\p{S}\p{L}]`;
  const single = `${label}(-?${label}){0,62}`;
  const dotted = String.raw`(${label}([a-zA-Z0-9\-\p{S}\p{L}]{0,61}${label})?\.)+[a-zA-Z\p{L}]{2,63}`;
  return (
    text.length <= 255 &&
    new RegExp(`^(${single}|${dotted})$`, 'u').test(text) &&
    text.split('.').every((part) => part.length <= 63)
  );
}

function isCidr(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/');
  const most = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
  return rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most;
}

function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) {
    return false;
  }
  const date = new Date(Date.UTC(2000, Number(month) - 1, Number(day)));
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

function isDateTime(text: string): boolean {
  const [date = '', time] = text.toLowerCase().split('t');
  const [, hour = '', minute = '', second = ''] =
    /^(\d{2}):(\d{2}):(\d{2})(.\d+)?(z|[+-]\d{2}:\d{2})$/.exec(time ?? '') ?? [];
  return hour !== '' && isDate(date) && hour <= '23' && minute <= '59' && second <= '59';
}

const GO_DURATION = /^[-+]?(0|((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/;
const SCALA_UNITS = ['ns', 'us', 'µs', 'ms', 's', 'm', 'h', 'd', 'w', 'wk'];
const SCALA_PREFIXES = ['nano', 'micro', 'milli', 'sec', 'min', 'hour', 'hr', 'day', 'week'];

/** Go's time.ParseDuration, or somewhere in the text a number with a unit of Scala's durations. */
function isDuration(text: string): boolean {
  return (
    GO_DURATION.test(text) ||
    [...text.matchAll(/\d+\s*([A-Za-zµ]+)/g)].some(([, unit = '']) => {
      const lower = unit.toLowerCase();
      return SCALA_UNITS.includes(lower) || SCALA_PREFIXES.some((prefix) => lower.startsWith(prefix));
    })
  );
}

function isIsbn10(text: string): boolean {
  const digits = text.replaceAll(/[\s-]/g, '');
  const sum = Array.from(digits).reduce((total, digit, index) => total + (10 - index) * digitOf(digit), 0);
  return /^\d{9}[\dX]$/.test(digits) && sum % 11 === 0;
}

function isIsbn13(text: string): boolean {
  const digits = text.replaceAll(/[\s-]/g, '');
  const sum = Array.from(digits).reduce(
    (total, digit, index) => total + (index % 2 === 0 ? 1 : 3) * Number(digit),
    0,
  );
  return /^\d{13}$/.test(digits) && sum % 10 === 0;
}

function digitOf(digit: string): number {
  return digit === 'X' ? 10 : Number(digit);
}

/** A number of a known issuer whose check digit is right (Luhn). */
function isCreditCard(text: string): boolean {
  const digits = text.replaceAll(/\D+/g, '');
  const issuer =
    /^(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|6(?:011|5\d\d)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|(?:2131|1800|35\d{3})\d{11})$/;
  const sum = Array.from(digits)
    .reverse()
    .reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return issuer.test(digits) && sum % 10 === 0;
}
