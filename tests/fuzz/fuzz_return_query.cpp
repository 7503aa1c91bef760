// The bytes are a query, or "PARAMETER\nQUERY". What parse_return_query() makes of them must be
// what a second decoder makes of them, and no error may repeat any of them.

#include "byte_source.hpp"
#include "check.hpp"
#include "query_decoder.hpp"

#include <stripe_return/core/return_query.hpp>

#include <map>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;
using fuzz::check;

// The message of each refusal, from inputs of our own. It must be the same for every input, so that
// nothing of an input can be in it.
std::map<code, std::string> own_messages() {
  const std::string too_long = "session_id=cs_" + std::string(253, 'a');
  std::map<code, std::string> messages;
  for (const char* query :
       {"", "session_id=", "session_id=a&session_id=b", "session_id[]=a", "session_id=a",
        "session_id={CHECKOUT_SESSION_ID}", "session_id=cs_test_a_secret_b", too_long.c_str()}) {
    const auto refused = sr::parse_return_query(query);
    check(!refused, "what no id can be is refused");
    messages[refused.error().code] = refused.error().message;
  }
  return messages;
}

void check_result(const sr::result<sr::session_id>& parsed) {
  static const std::map<code, std::string> messages = own_messages();
  if (parsed) {
    check(fuzz::is_well_formed_id(parsed->str()), "an id is well-formed");
    return;
  }
  const sr::error& failure = parsed.error();
  const auto own = messages.find(failure.code);
  check(own != messages.end(), "an error has one of the documented codes");
  check(failure.message == own->second, "an error's message is the same for every input");
  check(failure.http_status == 0 && failure.stripe_code.empty() && failure.request_id.empty(),
        "an error says nothing of an answer that never came");
  check(!failure.retryable(), "the same query is not refused for a time only");
}

bool same(const sr::result<sr::session_id>& a, const sr::result<sr::session_id>& b) {
  if (a.has_value() != b.has_value()) return false;
  return a ? *a == *b : a.error().code == b.error().code;
}

void check_against_second_decoder(std::string_view query, const std::string& parameter) {
  const auto parsed = sr::parse_return_query(query, parameter);
  check_result(parsed);
  if (parameter.empty()) return;
  const fuzz::query_reading expected = fuzz::read_query(query, parameter);
  if (expected.refusal) {
    check(!parsed && parsed.error().code == *expected.refusal, "refused as by the second decoder");
  } else if (expected.pair.encoded_size <= 3 * 255) {
    check(same(parsed, sr::session_id::parse(expected.pair.value)),
          "the value that the second decoder finds is judged the same");
  } else {
    // Longer than any id, encoded or not: which of the refusals it gets is not promised.
    check(!parsed, "an oversized value is refused");
  }
}

std::string encoded(const std::string& text, fuzz::byte_source& choices) {
  const char* digits[] = {"0123456789abcdef", "0123456789ABCDEF"};
  std::string result;
  for (const char c : text) {
    const std::uint8_t how = choices.byte();
    const auto byte = static_cast<unsigned char>(c);
    if (how % 3 != 0) {
      result += c;
    } else {
      const char* digit = digits[how & 1];
      result += '%';
      result += digit[byte >> 4U];
      result += digit[byte & 15U];
    }
  }
  return result;
}

// An id made of the bytes must come back from every form of the query it stands in.
void check_round_trip(const std::uint8_t* data, std::size_t size) {
  constexpr std::string_view alphabet =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
  fuzz::byte_source choices(data, size);
  std::string text = choices.flag() ? "cs_live_" : "cs_test_";
  const std::size_t length = 1 + choices.byte() % 247;
  for (std::size_t i = 0; i != length; ++i)
    text += alphabet[choices.below(alphabet.size())];
  const auto id = sr::session_id::parse(text);
  if (!fuzz::is_well_formed_id(text) || text.find("CHECKOUT_SESSION_ID") != std::string::npos) {
    check(!id, "an id that cannot be is refused");
    return;
  }
  check(id && id->str() == text, "a well-formed id is accepted as it is");
  check(id->livemode() == (text[3] == 'l' ? sr::livemode::live : sr::livemode::test),
        "the prefix says whether it is live");

  const char* before[] = {"", "?", "/return?", "https://shop.example/a/b?", "lang=zh&", "?a=%3D&&"};
  const char* after[] = {"", "&", "&lang=zh", "#session_id=cs_test_other", "&x=%26session_id%3Da"};
  std::string query = choices.pick(before);
  query += encoded("session_id", choices);
  query += '=';
  query += encoded(text, choices);
  query += choices.pick(after);
  const auto parsed = sr::parse_return_query(query);
  check(parsed && *parsed == *id, "an encoded id comes back");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line_end = input.find('\n');
  if (line_end == std::string_view::npos) {
    check_against_second_decoder(input, "session_id");
  } else {
    check_against_second_decoder(input.substr(line_end + 1),
                                 std::string(input.substr(0, line_end)));
  }
  check_result(sr::session_id::parse(input));
  check_round_trip(data, size);
  return 0;
}
