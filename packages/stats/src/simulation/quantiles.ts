export const quantiles = [];
