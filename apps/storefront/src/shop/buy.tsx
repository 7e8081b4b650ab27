import { useFlag, useTrack } from "@telltale/react";
import { useState } from "react";
import { JACKET } from "./products.ts";

/** The experiment: reading `checkout-button` here is the exposure, buying is the conversion. */
export function Buy() {
  const label = useFlag("checkout-button", "Buy now");
  const track = useTrack();
  const [bought, setBought] = useState(0);
  const buy = () => {
    track("purchase", { value: JACKET.price, properties: { sku: JACKET.sku } });
    setBought((count) => count + 1);
  };
  return (
    <>
      <button type="button" className="buy" data-testid="buy-button" onClick={buy}>
        {label}
      </button>
      <p className="thanks" role="status">
        {bought === 0 ? "" : `Thank you. ${bought === 1 ? "Your order is" : `Your ${bought} orders are`} on the way.`}
      </p>
    </>
  );
}
