#include "core/open_enum_names.hpp"

#include <stripe_return/core/checkout_session.hpp>

namespace stripe_return {
inline namespace v0 {
template <>
constexpr enum_name_entry<session_status> enum_names<session_status>[] = {
    {"open", session_status::open},
    {"complete", session_status::complete},
    {"expired", session_status::expired},
};

template <>
constexpr enum_name_entry<session_payment_status> enum_names<session_payment_status>[] = {
    {"paid", session_payment_status::paid},
    {"unpaid", session_payment_status::unpaid},
    {"no_payment_required", session_payment_status::no_payment_required},
};

template <>
constexpr enum_name_entry<session_mode> enum_names<session_mode>[] = {
    {"payment", session_mode::payment},
    {"setup", session_mode::setup},
    {"subscription", session_mode::subscription},
};

template <>
constexpr enum_name_entry<payment_intent_status> enum_names<payment_intent_status>[] = {
    {"canceled", payment_intent_status::canceled},
    {"processing", payment_intent_status::processing},
    {"requires_action", payment_intent_status::requires_action},
    {"requires_capture", payment_intent_status::requires_capture},
    {"requires_confirmation", payment_intent_status::requires_confirmation},
    {"requires_payment_method", payment_intent_status::requires_payment_method},
    {"succeeded", payment_intent_status::succeeded},
};

template class open_enum<session_status>;
template class open_enum<session_payment_status>;
template class open_enum<session_mode>;
template class open_enum<payment_intent_status>;

std::string_view to_string(session_status status) noexcept {
  return spelled(status);
}
std::string_view to_string(session_payment_status status) noexcept {
  return spelled(status);
}
std::string_view to_string(session_mode mode) noexcept {
  return spelled(mode);
}
std::string_view to_string(payment_intent_status status) noexcept {
  return spelled(status);
}

} // namespace v0
} // namespace stripe_return
