// The bytes are the query of a URL or, where they begin like one, a whole URL. In what Boost.URL
// reads of it, parse_return_query() must find the same parameters with the same values.

#include "byte_source.hpp"
#include "check.hpp"

#include <stripe_return/core/return_query.hpp>

#include <boost/url.hpp>

#include <optional>
#include <vector>

namespace {

namespace sr = stripe_return;
namespace urls = boost::urls;
using code = sr::error_code;
using fuzz::check;

struct reading {
  std::optional<code> refusal;
  std::string value;
};

// As the documentation of parse_return_query() has it, on Boost's parameters.
reading read(const urls::url_view& url, const std::string& parameter) {
  // Boost 1.81 reads on behind a query that is empty.
  if (url.encoded_query().empty()) return {code::missing_session_id, {}};
  urls::encoding_opts as_browsers_send;
  as_browsers_send.space_as_plus = true;
  std::optional<std::string> found;
  for (const auto& each : url.params(as_browsers_send)) {
    if (each.key.rfind(parameter + '[', 0) == 0) return {code::array_session_id, {}};
    if (each.key != parameter) continue;
    if (found) return {code::repeated_session_id, {}};
    found = each.value;
  }
  if (!found) return {code::missing_session_id, {}};
  return {std::nullopt, *found};
}

void check_against_boost(const urls::url_view& url, const std::string& given,
                         const std::string& parameter) {
  const auto parsed = sr::parse_return_query(given, parameter);
  const reading expected = read(url, parameter);
  if (expected.refusal) {
    check(!parsed && parsed.error().code == *expected.refusal, "refused for what Boost.URL finds");
    return;
  }
  const auto id = sr::session_id::parse(expected.value);
  check(parsed.has_value() == id.has_value(), "the value that Boost.URL finds is judged the same");
  if (parsed) {
    check(*parsed == *id, "the id is the one that Boost.URL finds");
  } else if (expected.value.size() <= 255) {
    check(parsed.error().code == id.error().code, "refused for the same reason");
  }
}

// Boost.URL reads what RFC 3986 allows and nothing else: all other bytes come encoded, as they
// would from a browser.
std::string allowed_in_query(std::string_view text) {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@/?";
  constexpr std::string_view digits = "0123456789abcdefABCDEF";
  std::string result;
  for (std::size_t i = 0; i != text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() &&
                        digits.find(text[i + 1]) != std::string_view::npos &&
                        digits.find(text[i + 2]) != std::string_view::npos;
    if (escape || allowed.find(text[i]) != std::string_view::npos) {
      result += text[i];
    } else {
      const auto byte = static_cast<unsigned char>(text[i]);
      result += '%';
      result += digits[byte / 16U];
      result += digits[byte % 16U];
    }
  }
  return result;
}

void check_query(std::string_view text, const std::string& parameter) {
  const std::string url = "https://shop.example/return?" + allowed_in_query(text);
  const auto parsed = urls::parse_uri_reference(url);
  check(parsed.has_value(), "Boost.URL reads what is allowed");
  check_against_boost(*parsed, url, parameter);
  check_against_boost(*parsed, url + "#" + parameter + "=cs_test_other", parameter);
  check_against_boost(*parsed, url.substr(url.find("/return")), parameter);
}

void check_url(const std::string& text, const std::string& parameter) {
  if (text.rfind('/', 0) != 0 && text.find("://") == std::string::npos) return;
  const auto parsed = urls::parse_uri_reference(text);
  if (parsed && (text[0] == '/' || parsed->has_authority())) {
    check_against_boost(*parsed, text, parameter);
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  for (const char* parameter : {"session_id", "s", "a b"}) {
    check_query(input, parameter);
    check_url(input, parameter);
  }
  return 0;
}
