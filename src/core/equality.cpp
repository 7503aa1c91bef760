// Equality of the plain structs.
#include <stripe_return/core/checkout_session.hpp>
#include <stripe_return/core/error.hpp>
#include <stripe_return/core/line_item.hpp>

#include <tuple>

namespace stripe_return {
inline namespace v0 {
namespace {

// All fields in their order. A struct that gets one more does not compile here, so that none is
// left out of a comparison.
template <std::size_t Count, class T> auto fields_of(const T& of) {
  if constexpr (Count == 2) {
    const auto& [a, b] = of;
    return std::tie(a, b);
  } else if constexpr (Count == 3) {
    const auto& [a, b, c] = of;
    return std::tie(a, b, c);
  } else if constexpr (Count == 6) {
    const auto& [a, b, c, d, e, f] = of;
    return std::tie(a, b, c, d, e, f);
  } else {
    static_assert(Count == 8);
    const auto& [a, b, c, d, e, f, g, h] = of;
    return std::tie(a, b, c, d, e, f, g, h);
  }
}

template <std::size_t Count, class T> bool equal(const T& a, const T& b) noexcept {
  return fields_of<Count>(a) == fields_of<Count>(b);
}

} // namespace

bool operator==(const error& a, const error& b) noexcept {
  return equal<6>(a, b);
}
bool operator==(const line_item& a, const line_item& b) noexcept {
  return equal<8>(a, b);
}
bool operator==(const line_item_page& a, const line_item_page& b) noexcept {
  return equal<2>(a, b);
}
bool operator==(const session_charge& a, const session_charge& b) noexcept {
  return equal<2>(a, b);
}
bool operator==(const session_payment_intent& a, const session_payment_intent& b) noexcept {
  return equal<6>(a, b);
}
bool operator==(const session_currency_conversion& a,
                const session_currency_conversion& b) noexcept {
  return equal<3>(a, b);
}

} // namespace v0
} // namespace stripe_return
