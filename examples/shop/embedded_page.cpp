#include "embedded_page.hpp"

namespace {

constexpr bilingual title = {"Pay", "付款"};
constexpr bilingual needs_javascript = {"Stripe's form needs JavaScript.",
                                        "Stripe 的付款表单需要启用 JavaScript。"};

} // namespace

const char embedded_page_policy[] =
    "default-src 'none'; script-src 'self' https://js.stripe.com; frame-src https://js.stripe.com; "
    "style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'";

page embedded_page(const visit& visit, const std::string& publishable_key,
                   const stripe_return::secret& client_secret) {
  page made;
  made.title = visit.say(title);
  made.scripts << "<script src=\"https://js.stripe.com/v3/\" defer></script>\n"
                  "<script src=\"/embedded.js\" defer></script>\n";
  made.content << "<div id=\"checkout\" data-key=\"" << publishable_key
               << "\" data-client-secret=\"" << client_secret.reveal() << "\"></div>\n<noscript><p>"
               << visit.say(needs_javascript) << "</p></noscript>\n";
  return made;
}
