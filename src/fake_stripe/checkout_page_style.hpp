// The stylesheet of the payment page, which stands in the page itself.
#pragma once

#include "fake_stripe/html.hpp"

#include <string>

namespace stripe_return {
inline namespace v0 {
namespace fake {

html page_style_element();

// What style-src of a Content-Security-Policy has to name for it: 'sha256-...'.
const std::string& page_style_source();

} // namespace fake
} // namespace v0
} // namespace stripe_return
