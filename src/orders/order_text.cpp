#include "orders/order_text.hpp"
#include "core/ascii.hpp"
#include "orders/order_fields.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <exception>
#include <limits>
#include <type_traits>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

using nlohmann::json;

struct unreadable : std::exception {};

// What is there for each kind of value, so that a value within a value finds it.
template <class T> struct kept;

template <class T> json json_of(const T& x) {
  return kept<T>::write(x);
}
template <class T> T read(const json& from) {
  return kept<T>::read(from);
}

template <> struct kept<bool> {
  static json write(bool x) { return x; }
  static bool read(const json& from) { return from.get<bool>(); }
};
template <> struct kept<std::string> {
  static json write(const std::string& x) { return x; }
  static std::string read(const json& from) { return from.get_ref<const std::string&>(); }
};
template <> struct kept<money> {
  static json write(const money& x) { return {x.minor_units(), x.currency()}; }
  static money read(const json& from) {
    return {stripe_return::read<std::int64_t>(from.at(0)), from.at(1).get<std::string>()};
  }
};
template <class Enum> struct kept<open_enum<Enum>> {
  static json write(const open_enum<Enum>& x) { return x.raw(); }
  static open_enum<Enum> read(const json& from) { return open_enum<Enum>(from.get<std::string>()); }
};
template <class T> struct kept<std::optional<T>> {
  static json write(const std::optional<T>& x) { return x ? json_of(*x) : json(); }
  static std::optional<T> read(const json& from) { return stripe_return::read<T>(from); }
};
template <class T> struct kept<std::vector<T>> {
  static json write(const std::vector<T>& x) {
    json list = json::array();
    for (const T& each : x)
      list.push_back(json_of(each));
    return list;
  }
  static std::vector<T> read(const json& from) {
    if (!from.is_array()) throw unreadable();
    std::vector<T> list;
    for (const json& each : from)
      list.push_back(stripe_return::read<T>(each));
    return list;
  }
};

// What is zero or empty is left out.
struct field_writer {
  json& object;
  template <class T> void operator()(const char* key, const T& x) {
    json written = json_of(x);
    if (!is_nothing(written)) object.emplace(key, std::move(written));
  }
  static bool is_nothing(const json& x) {
    return x.is_null() || x == false || x == 0 || x == "" || (x.is_structured() && x.empty());
  }
  template <class T> void operator()(const char* key, const std::optional<T>& x) {
    if (x) object.emplace(key, json_of(*x));
  }
};

struct field_reader {
  const json& object;
  template <class T> void operator()(const char* key, T& x) {
    const auto at = object.find(key);
    x = at == object.end() ? nothing(static_cast<T*>(nullptr)) : read<T>(*at);
  }
  template <class T> static T nothing(T*) { return T{}; }
  static money nothing(money*) { throw unreadable(); }
};

template <class T> struct kept {
  static json write(const T& x) {
    if constexpr (std::is_integral_v<T>) {
      return x;
    } else if constexpr (std::is_enum_v<T>) {
      return to_string(x);
    } else {
      json object = json::object();
      field_writer fields{object};
      visit_fields(x, fields);
      return object;
    }
  }
  static T read(const json& from) {
    if constexpr (std::is_integral_v<T>) {
      return integer(from);
    } else if constexpr (std::is_enum_v<T>) {
      return enumerator(from.get_ref<const std::string&>());
    } else {
      if (!from.is_object()) throw unreadable();
      T x;
      field_reader fields{from};
      visit_fields(x, fields);
      return x;
    }
  }

private:
  // nlohmann's own conversion would cut what does not fit.
  static T integer(const json& from) {
    if (from.is_number_unsigned()) {
      const auto number = from.get<std::uint64_t>();
      if (number <= static_cast<std::uint64_t>(std::numeric_limits<T>::max()))
        return static_cast<T>(number);
    } else if (from.is_number_integer()) { // below zero
      const auto number = from.get<std::int64_t>();
      if (std::is_signed_v<T> && number >= std::int64_t{std::numeric_limits<T>::min()})
        return static_cast<T>(number);
    }
    throw unreadable();
  }
  static T enumerator(std::string_view word) {
    for (unsigned value = 0; value != 64; ++value) // the largest has fewer
      if (to_string(static_cast<T>(value)) == word) return static_cast<T>(value);
    throw unreadable();
  }
};

// An order number that is no UTF-8 cannot come back as it was, but it must not throw.
template <class T> std::string text_of(const T& x) {
  return json_of(x).dump(-1, ' ', false, json::error_handler_t::replace);
}

template <class T> result<T> parse(std::string_view text, const char* what) {
  try {
    return read<T>(json::parse(text));
  } catch (const std::exception&) {
    return error{error_code::store_corrupt, what};
  }
}

} // namespace

std::string to_text(const checkout_facts& facts) {
  return text_of(facts);
}
std::string to_text(const payment_intent_facts& facts) {
  return text_of(facts);
}
std::string to_text(const charge_facts& facts) {
  return text_of(facts);
}
std::string to_text(const session_facts& facts) {
  return text_of(facts);
}
std::string to_text(const order_record& order) {
  return text_of(order);
}
std::string to_text(const history_entry& entry) {
  return text_of(entry);
}

result<order_record> parse_order_row(const order_row& row) {
  constexpr const char* unreadable_order =
      "An order in the store cannot be read: restore it from a backup, or update the library.";
  result<order_record> order = parse<order_record>(row.text, unreadable_order);
  if (!order) return order;
  const bool is_order = starts_with(row.key, order_key(""));
  // What is to be paid is known of every order; only a payment of no order has no terms.
  if (order->expectations.empty() && (is_order || order->stage != order_stage::unmatched))
    return error{error_code::store_corrupt, unreadable_order};
  if (is_order) order->out_trade_no = row.key.substr(order_key("").size());
  for (expected_order& each : order->expectations)
    each.out_trade_no = order->out_trade_no;
  for (const review_item& each : order->review_items) {
    const std::string& subject = each.session_id.empty() ? order->out_trade_no : each.session_id;
    if (each.id.substr(0, each.id.rfind(':')) != subject)
      return error{error_code::store_corrupt, unreadable_order};
  }
  order->version = row.version;
  return order;
}

result<history_entry> parse_history_entry(std::string_view text) {
  return parse<history_entry>(text, "A line of history in the store cannot be read: restore it "
                                    "from a backup, or update the library.");
}

bool is_utf8(std::string_view text) {
  try {
    (void)json(text).dump();
    return true;
  } catch (const json::type_error&) {
    return false;
  }
}

} // namespace v0
} // namespace stripe_return
