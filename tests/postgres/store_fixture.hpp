#pragma once

#include "postgres/postgres_server.hpp"

#include <stripe_return/postgres/postgres_store.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

inline stripe_return::postgres_options options_of(const std::string& conninfo) {
  stripe_return::postgres_options options;
  options.conninfo = conninfo;
  return options;
}

inline stripe_return::order_change change_of(const std::string& key, std::uint64_t version,
                                             std::string history = "changed",
                                             std::vector<std::string> ids = {}) {
  stripe_return::order_change change;
  change.row.key = key;
  change.row.version = version;
  change.new_ids = std::move(ids);
  change.history = std::move(history);
  return change;
}

/// The word for what came of it; of an error, its code.
inline std::string put(stripe_return::order_store& store, const stripe_return::order_change& change,
                       const stripe_return::transaction_writes& writes = {}) {
  const stripe_return::result<stripe_return::put_result> answer = store.put(change, writes);
  return std::string(answer ? to_string(*answer) : to_string(answer.error().code));
}

/// 0 if there is no such row; throws where there is an error.
inline std::uint64_t version_of(stripe_return::order_store& store, const std::string& key) {
  const std::optional<stripe_return::order_row> row = store.find(key).value();
  return row ? row->version : 0;
}

/// "" if there is none.
template <class T> std::string error_of(const stripe_return::result<T>& answer) {
  return answer ? "" : std::string(to_string(answer.error().code));
}

template <class T> std::string message_of(const stripe_return::result<T>& answer) {
  return answer ? "" : answer.error().message;
}

inline bool no_writes(stripe_return::transaction&) {
  return true;
}
