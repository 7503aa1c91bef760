#include "orders/store_stamp.hpp"

#include "core/random_id.hpp"

#include <charconv>
#include <system_error>

namespace stripe_return {
inline namespace v0 {
namespace orders {
namespace {

constexpr std::string_view id_name = "store_id";
constexpr std::string_view mode_name = "livemode";
constexpr std::string_view reconciled_name = "reconciled_at";

// Where nobody has set it yet, `fresh`; of two who set it at once, one does.
result<std::string> value_or_set(order_store& store, std::string_view name,
                                 const std::string& fresh) {
  result<std::string> known = store.value(name);
  if (!known || !known->empty()) return known;
  if (const result<bool> set = store.change_value(name, "", fresh); !set) return set.error();
  return store.value(name);
}

std::optional<livemode> mode_of(std::string_view word) {
  for (const livemode each : {livemode::test, livemode::live})
    if (to_string(each) == word) return each;
  return std::nullopt;
}

error unreadable_mode() {
  return {error_code::store_corrupt,
          "The store does not record the mode of its orders: restore it from a backup."};
}

} // namespace

result<std::string> store_id(order_store& store) {
  result<std::string> known = store.value(id_name);
  if (!known || !known->empty()) return known;
  const std::string fresh = random_id(16);
  if (fresh.empty()) {
    return error{error_code::store_unavailable,
                 "The system provides no random numbers for the store's id: check /dev/urandom and "
                 "the limit of open files."};
  }
  return value_or_set(store, id_name, fresh);
}

result<std::optional<livemode>> store_livemode(order_store& store) {
  const result<std::string> known = store.value(mode_name);
  if (!known) return known.error();
  const std::optional<livemode> mode = mode_of(*known);
  if (!mode && !known->empty()) return unreadable_mode();
  return mode;
}

result<void> use_store_for(order_store& store, livemode mode) {
  const result<std::string> kept = value_or_set(store, mode_name, std::string(to_string(mode)));
  if (!kept) return kept.error();
  const std::optional<livemode> known = mode_of(*kept);
  if (!known) return unreadable_mode();
  if (*known == mode) return {};
  return error{error_code::wrong_store, "The store belongs to the other mode: use one store for "
                                        "test keys and another for live keys."};
}

result<std::optional<unix_seconds>> last_reconciled(order_store& store) {
  const result<std::string> kept = store.value(reconciled_name);
  if (!kept) return kept.error();
  unix_seconds time = 0;
  const char* const end = kept->data() + kept->size();
  const auto read = std::from_chars(kept->data(), end, time);
  if (kept->empty() || read.ec != std::errc() || read.ptr != end)
    return std::optional<unix_seconds>();
  return std::optional<unix_seconds>(time);
}

result<void> keep_reconciled(order_store& store, unix_seconds now) {
  const result<std::string> before = store.value(reconciled_name);
  if (!before) return before.error();
  // Where somebody else was faster, that is as good.
  const result<bool> kept = store.change_value(reconciled_name, *before, std::to_string(now));
  if (!kept) return kept.error();
  return {};
}

} // namespace orders
} // namespace v0
} // namespace stripe_return
