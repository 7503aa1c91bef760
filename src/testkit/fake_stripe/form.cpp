#include "testkit/fake_stripe/form.hpp"

#include "core/ascii.hpp"
#include "testkit/fake_stripe/api_error.hpp"

#include <algorithm>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

// Stripe's own parameters are nested five deep at most.
constexpr std::size_t deepest_key = 8;

std::string decode(std::string_view encoded, bool plus_is_space) {
  std::string decoded;
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    if (encoded[i] == '+' && plus_is_space) {
      decoded += ' ';
    } else if (encoded[i] == '%') {
      const int high = i + 2 < encoded.size() ? hex_digit(encoded[i + 1]) : -1;
      const int low = i + 2 < encoded.size() ? hex_digit(encoded[i + 2]) : -1;
      if (high < 0 || low < 0) throw invalid_request("Invalid percent-encoding");
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      decoded += encoded[i];
    }
  }
  return decoded;
}

// a[b][] is a, b and an empty key.
std::vector<std::string> keys_of(const std::string& name) {
  const std::size_t first = name.find('[');
  std::vector<std::string> keys = {name.substr(0, first)};
  std::size_t at = first;
  while (at < name.size()) {
    const std::size_t end = name.find(']', at);
    if (name[at] != '[' || end == std::string::npos) {
      throw invalid_request("Invalid parameter name: " + name);
    }
    keys.push_back(name.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  if (keys.front().empty() || keys.size() > deepest_key) {
    throw invalid_request("Invalid parameter name: " + name);
  }
  return keys;
}

// a[][b]=1&a[][c]=2&a[][b]=3 are two elements: a new one begins where a key comes again.
form_value& element(form_value& parent, const std::string* next_key) {
  form_value* last = parent.last_member();
  if (next_key != nullptr && last != nullptr && last->find(*next_key) == nullptr) return *last;
  return parent.member(std::to_string(parent.members().size()));
}

void insert(form_value& root, const std::string& name, std::string text) {
  const std::vector<std::string> keys = keys_of(name);
  form_value* at = &root;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!at->text.empty()) throw invalid_request("Invalid parameter: " + name, name);
    const std::string* next = i + 1 < keys.size() ? &keys[i + 1] : nullptr;
    at = keys[i].empty() ? &element(*at, next) : &at->member(keys[i]);
  }
  if (!at->members().empty()) throw invalid_request("Invalid parameter: " + name, name);
  at->text = std::move(text);
}

} // namespace

const form_value* form_value::find(std::string_view key) const {
  const auto found = places_.find(key);
  return found == places_.end() ? nullptr : &members_[found->second].second;
}

form_value& form_value::member(const std::string& key) {
  const auto [place, is_new] = places_.try_emplace(key, members_.size());
  return is_new ? members_.emplace_back(key, form_value()).second : members_[place->second].second;
}

std::string percent_decode(std::string_view encoded) {
  return decode(encoded, false);
}

form_value decode_form(std::string_view encoded) {
  form_value root;
  while (!encoded.empty()) {
    const std::string_view pair = encoded.substr(0, encoded.find('&'));
    encoded.remove_prefix(std::min(pair.size() + 1, encoded.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string_view text = pair.substr(std::min(equals + 1, pair.size()));
    insert(root, decode(pair.substr(0, equals), true), decode(text, true));
  }
  return root;
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
