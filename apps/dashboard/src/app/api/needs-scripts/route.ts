const PAGE = `<!doctype html><html lang="en"><title>Not saved · Telltale</title>
<h1>Nothing was saved</h1>
<p>This form works by scripts, and they were not there yet, or are switched off. Go back, wait until the page has loaded,
and try again.</p></html>
`;

/** A form that was sent by the browser itself: what it holds is neither read nor kept in an address. */
export function POST(): Response {
  return new Response(PAGE, { status: 409, headers: { "content-type": "text/html; charset=utf-8" } });
}
