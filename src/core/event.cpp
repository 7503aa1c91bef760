#include <stripe_return/core/event.hpp>

#include "core/event_reader.hpp"
#include "core/open_enum_words.hpp"

namespace stripe_return {
inline namespace v0 {

template <>
constexpr spelling<event_type> vocabulary<event_type>[] = {
    {"checkout.session.completed", event_type::checkout_session_completed},
    {"checkout.session.async_payment_succeeded",
     event_type::checkout_session_async_payment_succeeded},
    {"checkout.session.async_payment_failed", event_type::checkout_session_async_payment_failed},
    {"checkout.session.expired", event_type::checkout_session_expired},
};

template class open_enum<event_type>;

std::string_view to_string(event_relevance relevance) noexcept {
  switch (relevance) {
  case event_relevance::handled: return "handled";
  case event_relevance::other_type: return "other_type";
  case event_relevance::other_livemode: return "other_livemode";
  case event_relevance::other_account: return "other_account";
  }
  return "other_type";
}

void judge_relevance(event& event, std::optional<bool> livemode, std::string_view account) {
  const auto of_other_mode = [&](std::optional<bool> actual) {
    return livemode && actual != livemode;
  };
  if (of_other_mode(event.livemode) || (event.session && of_other_mode(event.session->livemode))) {
    event.relevance = event_relevance::other_livemode;
  } else if (!account.empty() && event.account != account) {
    event.relevance = event_relevance::other_account;
  } else if (event.type != event_type::unrecognized && event.type != event_type::absent &&
             event.session) {
    event.relevance = event_relevance::handled;
    event.session->account = event.account;
    return;
  } else {
    event.relevance = event_relevance::other_type;
  }
  event.session.reset();
}

namespace {

decide_options with_word_of(const event& event, decide_options options) {
  options.async_payment_failed = options.async_payment_failed ||
                                 event.type == event_type::checkout_session_async_payment_failed;
  return options;
}

} // namespace

order_outcome decide(const event& event, const expected_order& expected, unix_seconds now,
                     decide_options options) {
  return decide(event.session.value_or(checkout_session()), expected, now,
                with_word_of(event, std::move(options)));
}

order_outcome decide(const event& event, unix_seconds now, decide_options options) {
  return decide(event.session.value_or(checkout_session()), now,
                with_word_of(event, std::move(options)));
}

} // namespace v0
} // namespace stripe_return
