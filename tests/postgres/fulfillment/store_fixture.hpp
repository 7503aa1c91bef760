#pragma once

#include "postgres/postgres_server.hpp"

#include <stripe_return/fulfillment/postgres_store.hpp>

#include <string>

inline stripe_return::postgres_options options_of(const std::string& conninfo) {
  stripe_return::postgres_options options;
  options.conninfo = conninfo;
  return options;
}

inline stripe_return::order_record order_of_version(const std::string& number,
                                                    std::uint64_t version) {
  stripe_return::order_record order;
  order.out_trade_no = number;
  order.version = version;
  return order;
}

inline stripe_return::history_entry line(const std::string& what = "changed") {
  stripe_return::history_entry entry;
  entry.what = what;
  return entry;
}

/// "" if there is none.
template <class T> std::string error_of(const stripe_return::result<T>& answer) {
  return answer ? "" : std::string(to_string(answer.error().code));
}

template <class T> std::string message_of(const stripe_return::result<T>& answer) {
  return answer ? "" : answer.error().message;
}
