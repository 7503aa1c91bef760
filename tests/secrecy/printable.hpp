// All that the library's values can be made to say.
#pragma once

#include <stripe_return/client/return_handler.hpp>
#include <stripe_return/core/decide.hpp>
#include <stripe_return/orders/customer_view.hpp>

#include <string>

inline std::string printable(const stripe_return::error& why) {
  return std::string(to_string(why.code)) + "\n" + why.message + "\n" + why.stripe_code + "\n" +
         why.request_id + "\n" + why.session_id;
}

inline std::string printable(const stripe_return::order_outcome& outcome) {
  std::string text = std::string(to_string(outcome.state())) + "\n" + outcome.out_trade_no() +
                     "\n" + std::string(to_string(outcome.next_step())) + "\n" +
                     std::string(to_string(outcome.pay_again()));
  for (const stripe_return::reason each : outcome.reasons())
    text += "\n" + std::string(to_string(each));
  return text;
}

inline std::string printable(const stripe_return::session_id& id) {
  return id.str();
}

inline std::string printable(const stripe_return::checkout_session& session) {
  stripe_return::observation observed;
  observed.session = session;
  return session.id + "\n" + printable(decide_unchecked(observed));
}

inline std::string printable(const stripe_return::observation& fetched) {
  return printable(decide_unchecked(fetched)) + "\n" + fetched.request_id;
}

inline std::string printable(const stripe_return::event& event) {
  return event.id + "\n" + std::string(to_string(event.relevance)) + "\n" + event.session_id +
         "\n" + event.payment_intent + "\n" + event.snapshot_event + "\n" +
         (event.session ? printable(*event.session) : "");
}

inline std::string printable(const stripe_return::customer_view& view) {
  return std::string(to_string(view.state)) + "\n" + std::string(to_string(view.next_step)) + "\n" +
         std::string(to_string(view.pay_again));
}

// As lists, they are looked at one by one.
inline std::string printable(const stripe_return::event_page&) {
  return {};
}

template <class T> std::string printable(const stripe_return::result<T>& result) {
  return result ? printable(*result) : printable(result.error());
}
