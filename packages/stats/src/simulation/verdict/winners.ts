export const winners = [];
