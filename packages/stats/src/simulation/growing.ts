export const growing = [];
