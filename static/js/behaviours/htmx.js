// htmx where its extensions look for it, set so that it works under a policy without inline script or style.
import htmx from "htmx.org";

window.htmx = htmx;
Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0, // a page from the past may hold what one may no longer see
  refreshOnHistoryMiss: true,
  scrollBehavior: "instant",
  attributesToSettle: ["class", "width", "height"], // copying style attributes would break the policy
  defaultSettleDelay: 0,
});

export default htmx;
