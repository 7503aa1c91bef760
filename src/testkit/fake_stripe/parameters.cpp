#include "testkit/fake_stripe/parameters.hpp"

#include "core/ascii.hpp"
#include "testkit/fake_stripe/api_error.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

constexpr std::size_t most_metadata_keys = 50;
constexpr std::size_t longest_metadata_key = 40;
constexpr std::size_t longest_metadata_value = 500;
constexpr std::size_t longest_url = 5000;
constexpr std::size_t longest_word = 200;

std::optional<std::int64_t> number_of(const std::string& text) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, failure] = std::from_chars(text.data(), end, number);
  if (text.empty() || failure != std::errc() || stopped != end) return std::nullopt;
  return number;
}

bool is_web_url(const std::string& text) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (starts_with(text, scheme)) {
      return text.size() > scheme.size() && text[scheme.size()] != '/' &&
             std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > ' '; });
    }
  }
  return false;
}

} // namespace

parameters::parameters(form_value value, std::string name)
    : value_(std::move(value)), name_(std::move(name)) {}

std::string parameters::name_of(std::string_view key) const {
  return name_.empty() ? std::string(key) : name_ + "[" + std::string(key) + "]";
}

void parameters::allow_only(const std::vector<std::string_view>& keys) const {
  for (const auto& each : value_.members()) {
    if (std::find(keys.begin(), keys.end(), each.first) == keys.end()) {
      throw parameter_unknown(name_of(each.first));
    }
  }
}

bool parameters::has(std::string_view key) const {
  const form_value* value = value_.find(key);
  return value != nullptr && (!value->text.empty() || !value->members().empty());
}

bool parameters::is_named(std::string_view key) const {
  return value_.find(key) != nullptr;
}

bool parameters::is_text(std::string_view key) const {
  const form_value* value = value_.find(key);
  return value != nullptr && !value->text.empty();
}

std::optional<std::string> parameters::text(std::string_view key, std::size_t longest) const {
  const form_value* value = value_.find(key);
  if (value == nullptr) return std::nullopt;
  return text_of(*value, key, longest);
}

std::optional<std::string> parameters::text_of(const form_value& value, std::string_view key,
                                               std::size_t longest) const {
  if (!value.members().empty()) throw invalid_request("Invalid string", name_of(key));
  if (value.text.empty()) return std::nullopt;
  if (value.text.size() > longest) {
    throw invalid_request(
        "Invalid string: must be at most " + std::to_string(longest) + " characters", name_of(key));
  }
  return value.text;
}

std::string parameters::required_text(std::string_view key, std::size_t longest) const {
  std::optional<std::string> given = text(key, longest);
  if (!given) throw parameter_missing(name_of(key));
  return *std::move(given);
}

std::optional<std::string> parameters::one_of(std::string_view key,
                                              std::initializer_list<std::string_view> words) const {
  std::optional<std::string> given = text(key, longest_word);
  if (given && std::find(words.begin(), words.end(), *given) == words.end()) {
    std::string message = "Invalid " + name_of(key) + ": must be one of";
    for (const std::string_view word : words) {
      message += (word == *words.begin() ? " " : ", ") + std::string(word);
    }
    throw invalid_request(std::move(message), name_of(key));
  }
  return given;
}

std::optional<std::int64_t> parameters::integer(std::string_view key, std::int64_t least,
                                                std::int64_t most) const {
  const std::optional<std::string> given = text(key, longest_word);
  if (!given) return std::nullopt;
  const std::optional<std::int64_t> number = number_of(*given);
  if (!number) {
    throw invalid_request("Invalid integer: " + *given, name_of(key), "parameter_invalid_integer");
  }
  if (*number < least || *number > most) {
    const bool low = *number < least;
    throw invalid_request(
        "This value must be " +
            std::string(low ? "greater than or equal to " : "less than or equal to ") +
            std::to_string(low ? least : most) + ".",
        name_of(key), "parameter_invalid_integer");
  }
  return number;
}

std::int64_t parameters::required_integer(std::string_view key, std::int64_t least,
                                          std::int64_t most) const {
  const std::optional<std::int64_t> number = integer(key, least, most);
  if (!number) throw parameter_missing(name_of(key));
  return *number;
}

std::optional<bool> parameters::boolean(std::string_view key) const {
  const std::optional<std::string> word = one_of(key, {"true", "false"});
  if (!word) return std::nullopt;
  return *word == "true";
}

std::optional<std::string> parameters::url(std::string_view key) const {
  std::optional<std::string> given = text(key, longest_url);
  if (given && !is_web_url(*given)) {
    throw invalid_request("Not a valid URL", name_of(key), "url_invalid");
  }
  return given;
}

std::map<std::string, std::string> parameters::metadata(std::string_view key) const {
  std::map<std::string, std::string> all;
  update_metadata(key, all);
  return all;
}

void parameters::update_metadata(std::string_view key,
                                 std::map<std::string, std::string>& metadata) const {
  const parameters given = object(key);
  if (is_named(key) && given.value_.members().empty()) metadata.clear();
  for (const auto& each : given.value_.members()) {
    if (each.first.empty() || each.first.size() > longest_metadata_key) {
      throw invalid_request("Metadata keys have 1 to 40 characters", given.name_of(each.first));
    }
    const auto text = given.text_of(each.second, each.first, longest_metadata_value);
    if (text) {
      metadata[each.first] = *text;
    } else {
      metadata.erase(each.first);
    }
  }
  if (metadata.size() > most_metadata_keys) {
    throw invalid_request("Metadata has at most 50 keys", name_of(key));
  }
}

parameters parameters::object(std::string_view key) const {
  const form_value* value = value_.find(key);
  if (value != nullptr && !value->text.empty()) {
    throw invalid_request("Invalid object", name_of(key));
  }
  return parameters(value == nullptr ? form_value() : *value, name_of(key));
}

std::vector<parameters> parameters::list(std::string_view key) const {
  const form_value* value = value_.find(key);
  if (value == nullptr) return {};
  std::map<std::int64_t, const form_value*> in_order;
  for (const auto& each : value->members()) {
    const std::optional<std::int64_t> index = number_of(each.first);
    if (!index || *index < 0) throw invalid_request("Invalid array", name_of(key));
    in_order[*index] = &each.second;
  }
  if (!value->text.empty()) throw invalid_request("Invalid array", name_of(key));
  std::vector<parameters> all;
  all.reserve(in_order.size());
  for (const auto& each : in_order) {
    all.emplace_back(*each.second, name_of(key) + "[" + std::to_string(each.first) + "]");
  }
  return all;
}

std::vector<std::string> parameters::texts(std::string_view key) const {
  std::vector<std::string> all;
  for (const parameters& each : list(key)) {
    if (each.own_text().empty()) throw invalid_request("Invalid string", each.own_name());
    all.push_back(each.own_text());
  }
  return all;
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
