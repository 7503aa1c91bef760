#pragma once

#include <stripe_return/core/checkout_session.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// How the plain values of nlohmann's tree get into the members of the library's structs, and when
// two such members are the same.
namespace fuzz {

using stripe_return::error_code;

enum class kind { text, integer, time, boolean, object, id_or_object, list };

// Collects every fault instead of ending at the first.
class dom_values {
public:
  using json = nlohmann::json;

  std::set<error_code> faults;

  void fault(error_code code) { faults.insert(code); }

  // The member, or null, which stands for absent.
  static const json& at(const json& object, std::string_view key) {
    static const json null;
    const auto found = object.find(std::string(key));
    return found == object.end() ? null : *found;
  }

  std::string text(const json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (!value.is_null()) fault(error_code::unexpected_type);
    return {};
  }

  std::optional<bool> boolean(const json& value) {
    if (value.is_boolean()) return value.get<bool>();
    if (!value.is_null()) fault(error_code::unexpected_type);
    return {};
  }

  std::optional<std::int64_t> integer(const json& value) {
    if (value.is_null()) return {};
    if (!value.is_number()) {
      fault(error_code::unexpected_type);
    } else if (value.is_number_float() ||
               (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX)) {
      fault(error_code::number_out_of_range);
    } else {
      return value.get<std::int64_t>();
    }
    return {};
  }

  std::optional<stripe_return::unix_seconds> time(const json& value) {
    const auto seconds = integer(value);
    constexpr stripe_return::unix_seconds end_of_year_9999 = 253402300799;
    if (seconds && (*seconds < 0 || *seconds > end_of_year_9999)) {
      fault(error_code::number_out_of_range);
    }
    return seconds == 0 ? std::nullopt : seconds;
  }

  std::string text_or_id(kind holds, const json& value) {
    return text(holds == kind::id_or_object && value.is_object() ? at(value, "id") : value);
  }

  void pick(std::string& into, kind holds, const json& value) { into = text_or_id(holds, value); }
  void pick(stripe_return::secret& into, kind, const json& value) { into = text(value); }
  template <class Enum> void pick(stripe_return::open_enum<Enum>& into, kind, const json& value) {
    into = stripe_return::open_enum<Enum>(text(value));
  }
  void pick(std::optional<bool>& into, kind, const json& value) { into = boolean(value); }
  void pick(std::optional<stripe_return::livemode>& into, kind, const json& value) {
    const auto live = boolean(value);
    into.reset();
    if (live) into = *live ? stripe_return::livemode::live : stripe_return::livemode::test;
  }
  void pick(bool& into, kind, const json& value) { into = boolean(value).value_or(false); }
  void pick(std::optional<std::int64_t>& into, kind holds, const json& value) {
    into = holds == kind::time ? time(value) : integer(value);
  }
  // A list of texts, in which null is none.
  void pick(std::vector<std::string>& into, kind, const json& value) {
    if (!value.is_array() && !value.is_null()) fault(error_code::unexpected_type);
    for (const json& element : value.is_array() ? value : json::array())
      element.is_string() ? into.push_back(element) : fault(error_code::unexpected_type);
  }
  void pick(std::int64_t& into, kind, const json& value) { into = integer(value).value_or(0); }
};

template <class T> bool same(const T& a, const T& b) {
  return a == b;
}

inline bool same(const stripe_return::secret& a, const stripe_return::secret& b) {
  return a.reveal() == b.reveal();
}

template <class Enum>
bool same(const stripe_return::open_enum<Enum>& a, const stripe_return::open_enum<Enum>& b) {
  return a.known() == b.known() && a.raw() == b.raw();
}

struct dom_field {
  void (*pick)(dom_values& values, kind holds, const nlohmann::json& value, void* into) = nullptr;
  bool (*same)(const void* a, const void* b) = nullptr;
};

template <class Owner, class Type> Owner owner_of(Type Owner::*);

// The field that is `Member`: in<&checkout_session::id>.
template <auto Member>
inline constexpr dom_field in = {
    [](dom_values& values, kind holds, const nlohmann::json& value, void* into) {
      values.pick(static_cast<decltype(owner_of(Member))*>(into)->*Member, holds, value);
    },
    [](const void* a, const void* b) {
      using owner = const decltype(owner_of(Member));
      return fuzz::same(static_cast<owner*>(a)->*Member, static_cast<owner*>(b)->*Member);
    }};

} // namespace fuzz
