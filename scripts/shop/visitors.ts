import { runInShop } from "./run-in-shop.ts";

/** `npm run visitors`: the storefront's simulator, told where the running product is. */
runInShop("src/visitors/main.ts", () => ({}));
