/** Oldest Node that works: the first 20.x with all that is used here. */
const OLDEST = [20, 19];

/**
 * @param {string} version for example "20.19.0"
 * @returns {string | undefined} what to do when this Node is too old
 */
export function checkNode(version) {
  const [major, minor] = version.split(".").map(Number);
  const old = major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
  if (!old) return undefined;
  return `Node ${version} is too old for Telltale: install Node ${OLDEST.join(".")} or newer (https://nodejs.org) and run the command again.`;
}
