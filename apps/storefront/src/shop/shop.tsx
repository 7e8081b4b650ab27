"use client";

import { useFlag } from "@telltale/react";
import type { CSSProperties } from "react";
import type { Visitor } from "../visitor.ts";
import { Buy } from "./buy.tsx";
import { CrowdPanel } from "./crowd/crowd-panel.tsx";
import { Drawing } from "./drawing.tsx";
import { Footer } from "./footer.tsx";
import { JACKET, OTHERS } from "./products.ts";
import { THEME, themeOf } from "./theme.ts";

const price = (euros: number) => `€${euros}`;

/** The shop's sign; the tab's icon is the same drawing. */
function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="36" height="36" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#0b5c7a" />
      <g fill="none" stroke="#fff" strokeWidth="2.4" strokeLinecap="round" strokeLinejoin="round">
        <circle cx="16" cy="8" r="2.6" />
        <path d="M16 11v15M10 15h12M6 19c1 5 5 7 10 7s9-2 10-7" />
      </g>
    </svg>
  );
}

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
export function Shop(props: { visitor: Visitor; dashboardUrl: string }) {
  const hero = useFlag("hero-text", "Everything for life on the water");
  const { accent, rounded } = themeOf(useFlag("theme", THEME));
  const style: CSSProperties & Record<"--theme", string> = { "--theme": accent };
  return (
    <div className="shop" data-rounded={rounded} style={style}>
      <header>
        <SummerBanner />
        <p className="brand">
          <Mark />
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
        <CrowdPanel />
      </main>
      <Footer {...props} />
    </div>
  );
}
