import { useFlag } from "@telltale/react";
import type { Client } from "@telltale/sdk";
import type { CSSProperties } from "react";
import { Buy } from "./buy.tsx";
import { CrowdPanel } from "./crowd/crowd-panel.tsx";
import { Drawing } from "./drawing.tsx";
import { Footer } from "./footer.tsx";
import { JACKET, OTHERS } from "./products.ts";
import { THEME, themeOf } from "./theme.ts";
import type { Visitor } from "./visitor.ts";

const price = (euros: number) => `€${euros}`;

function SummerBanner() {
  if (!useFlag("summer-banner", false)) return null;
  return (
    <p className="banner" data-testid="summer-banner">
      Summer on the water: new season, same prices.
    </p>
  );
}

function FreeShipping() {
  if (!useFlag("free-shipping", false)) return null;
  return (
    <p className="shipping" data-testid="free-shipping">
      Free shipping for you today, whatever you order.
    </p>
  );
}

function Others() {
  const count = useFlag("recommendations", 3);
  return (
    <section aria-labelledby="others-title">
      <h2 id="others-title">Others also took aboard</h2>
      <ul className="others">
        {OTHERS.slice(0, Math.max(0, count)).map((product) => (
          <li key={product.sku}>
            <Drawing name={product.drawing} />
            <h3>{product.name}</h3>
            <p className="muted">{product.words}</p>
            <p className="price">{price(product.price)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The whole page. Every flag is read where it is used; a change of any of them renders it again, without a reload. */
export function Shop(props: { client: Client; visitor: Visitor; dashboardUrl: string }) {
  const hero = useFlag("hero-text", "Everything for life on the water");
  const { accent, rounded } = themeOf(useFlag("theme", THEME));
  const style: CSSProperties & Record<"--theme", string> = { "--theme": accent };
  return (
    <div className="shop" data-rounded={rounded} style={style}>
      <header>
        <SummerBanner />
        <p className="brand">
          <img src="/favicon.svg" alt="" width="36" height="36" />
          Harbour Supplies
        </p>
        <FreeShipping />
      </header>
      <main>
        <h1>{hero}</h1>
        <section className="window" aria-labelledby="product-title">
          <Drawing name={JACKET.drawing} large />
          <div>
            <h2 id="product-title">{JACKET.name}</h2>
            <p>{JACKET.words}</p>
            <p className="price">{price(JACKET.price)}</p>
            <Buy />
          </div>
        </section>
        <Others />
        <CrowdPanel client={props.client} />
      </main>
      <Footer {...props} />
    </div>
  );
}
