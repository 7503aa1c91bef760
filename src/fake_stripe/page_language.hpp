// The languages of the payment page.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace fake {

enum class page_language { english, chinese };

// As Checkout chooses it: a session's `locale`, or the browser's Accept-Language where that is
// absent or `auto`. English where neither names a language of the page.
page_language choose_language(const std::optional<std::string>& locale,
                              std::string_view accept_language);

} // namespace fake
} // namespace v0
} // namespace stripe_return
