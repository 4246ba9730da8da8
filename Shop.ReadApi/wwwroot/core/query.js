/** The state of a search, which is in the address: /?q=lamp&status=paid&from=2026-01-01&sort=newest&order=ID */
export const filterNames = ['status', 'category', 'country', 'currency', 'sku', 'customerId'];

export function read(url) {
  const params = url.searchParams;
  return {
    q: params.get('q') ?? '',
    filters: Object.fromEntries(filterNames.map(name => [name, params.getAll(name)])),
    from: params.get('from') ?? '',
    to: params.get('to') ?? '',
    sort: params.get('sort') ?? '',
    order: params.get('order') ?? '',
  };
}

/** The address of a search. */
export function address(query) {
  const params = new URLSearchParams();
  for (const name of ['q', 'from', 'to', 'sort', 'order']) if (query[name]) params.set(name, query[name]);
  for (const name of filterNames) for (const value of query.filters?.[name] ?? []) params.append(name, value);
  const text = params.toString();
  return text ? `/?${text}` : '/';
}

/** The parameters of the read API for a search, without order and page. */
export function forApi(query, { without = [] } = {}) {
  const params = new URLSearchParams();
  if (query.q.trim()) params.set('q', query.q.trim());
  for (const name of filterNames) for (const value of query.filters[name]) params.append(name, value);
  if (query.from && !without.includes('placed')) params.set('placedFrom', query.from);
  if (query.to && !without.includes('placed')) params.set('placedTo', query.to);
  return params;
}

export const sortOf = query => query.sort || (query.q.trim() ? 'relevance' : 'newest');

export const toggled = (query, name, value) => {
  const values = query.filters[name];
  const next = values.includes(value) ? values.filter(other => other !== value) : [...values, value];
  return { ...query, filters: { ...query.filters, [name]: next } };
};

export const isFiltered = query =>
  Boolean(query.from || query.to || filterNames.some(name => query.filters[name].length));

export const withoutFilters = query => ({
  ...query,
  from: '',
  to: '',
  filters: Object.fromEntries(filterNames.map(name => [name, []])),
});
