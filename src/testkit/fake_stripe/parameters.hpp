// The parameters of a request, each checked as it is read.
#pragma once

#include "testkit/fake_stripe/form.hpp"

#include <stripe_return/export.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace fake {

inline constexpr std::size_t longest_text = 5000; // where the API names no other limit

// A form or a part of one. Every member throws api_error with the parameter's full name. Empty text
// is an absent value, as the API has it.
class STRIPE_RETURN_EXPORT parameters {
public:
  explicit parameters(form_value value, std::string name = {});

  // Refuses every parameter that is not among these.
  void allow_only(const std::vector<std::string_view>& keys) const;

  bool has(std::string_view key) const;
  bool is_named(std::string_view key) const; // though it may be empty
  bool is_text(std::string_view key) const;
  std::string required_text(std::string_view key, std::size_t longest) const;
  std::optional<std::string> text(std::string_view key, std::size_t longest) const;
  std::optional<std::string> one_of(std::string_view key,
                                    std::initializer_list<std::string_view> words) const;
  std::int64_t required_integer(std::string_view key, std::int64_t least, std::int64_t most) const;
  std::optional<std::int64_t>
  integer(std::string_view key, std::int64_t least = 0,
          std::int64_t most = std::numeric_limits<std::int64_t>::max()) const;
  std::optional<bool> boolean(std::string_view key) const;
  // http or https, 5000 characters at most.
  std::optional<std::string> url(std::string_view key) const;
  // https://docs.stripe.com/metadata#data: 50 keys of 40 characters, values of 500.
  std::map<std::string, std::string> metadata(std::string_view key) const;
  // An empty value takes its key away, and an empty parameter all of them.
  void update_metadata(std::string_view key, std::map<std::string, std::string>& metadata) const;

  parameters object(std::string_view key) const;            // without members where it is absent
  std::vector<parameters> list(std::string_view key) const; // in the order of the indexes
  std::vector<std::string> texts(std::string_view key) const;

  const std::string& own_text() const { return value_.text; }
  const std::string& own_name() const { return name_; }
  std::string name_of(std::string_view key) const;

private:
  std::optional<std::string> text_of(const form_value& value, std::string_view key,
                                     std::size_t longest) const;

  form_value value_;
  std::string name_;
};

} // namespace fake
} // namespace v0
} // namespace stripe_return
