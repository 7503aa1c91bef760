// The bytes are a JSON text or, after a first byte 1, the choices from which session_writer.hpp
// writes one. The decoder must make of it what a second decoder makes of it, alone and between
// others in a list, and no error may repeat any of it. The second decoder's tree is nlohmann's, of
// the text without the values that are not read: those may have faults.

#include "check.hpp"
#include "dom_decoder.hpp"
#include "full_session.hpp"
#include "own_messages.hpp"
#include "read_part.hpp"
#include "same_session.hpp"
#include "session_writer.hpp"

#include <stripe_return/core/decide.hpp>

#include <string>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;
using fuzz::check;

std::string message_for(const std::string& json) {
  const auto refused = sr::parse_checkout_session(json);
  check(!refused, "what is no Checkout Session is refused");
  return refused.error().message;
}

void check_error(const sr::error& failure) {
  static const fuzz::own_messages own(
      message_for, fuzz::session_shape(),
      {"", "[]", "1e999", R"({"object":"event"})", R"({"object":"charge"})",
       R"({"line_items":{"object":"charge"}})", R"({"line_items":{"object":"event"}})",
       R"({"metadata":{"a":"","a":""}})", R"({"line_items":{"data":[null]}})"});
  check(own.has(failure.message), "an error's message is one of the library's own");
  check(failure.http_status == 0 && failure.stripe_code.empty() && failure.request_id.empty(),
        "an error says nothing of an answer that there was not");
  // Stripe's next answer may be whole; the same document stays what it is.
  check(failure.retryable() == (failure.code == code::not_json),
        "only a cut text is worth a retry");
}

void check_list_error(const sr::error& failure) {
  static const std::string no_session =
      sr::parse_session_page(R"({"object":"list","data":[{}]})").error().message;
  if (failure.message != no_session) check_error(failure);
}

// Of a text that is JSON from end to end, what is not read makes no difference.
void check_whole(const fuzz::dom_reading& read_part, const fuzz::dom_reading& whole) {
  check(read_part.faults == whole.faults && read_part.complete == whole.complete,
        "the faults are in what is read");
  check(fuzz::same(read_part.session, whole.session), "the fields are in what is read");
}

void check_decoding(std::string_view json) {
  const auto decoded = sr::parse_checkout_session(json);
  const fuzz::dom_reading expected =
      fuzz::dom_decoder::decode(fuzz::read_part::of(json, fuzz::session_shape()));
  if (nlohmann::json::accept(json)) check_whole(expected, fuzz::dom_decoder::decode(json));
  if (decoded) {
    check(expected.faults.empty(), "what the second decoder refuses is refused");
    check(fuzz::same(*decoded, expected.session), "every field is as the second decoder has it");
    sr::decide(*decoded, sr::expected_order(), 1774256386);
    return;
  }
  check_error(decoded.error());
  check(!expected.faults.empty(), "what the second decoder accepts is accepted");
  const code why = decoded.error().code;
  if (expected.complete) {
    check(expected.faults.count(why) == 1, "the error is one that the second decoder finds");
  } else {
    // The reader ends at the first fault, which the second decoder may not have seen.
    check(expected.faults.count(why) == 1 || why == code::wrong_object ||
              why == code::unexpected_type || why == code::number_out_of_range ||
              why == code::repeated_key || why == code::not_json,
          "the error is one of the documented ones");
  }
}

// Its neighbors in the list have every field, and none.
void check_in_a_list(std::string_view json) {
  const std::string& full = fuzz::full_session();
  if (json.substr(0, 1) == "\xEF") return; // a byte order mark begins a whole text alone
  const auto alone = sr::parse_checkout_session(json);
  const auto page =
      sr::parse_session_page(R"({"object":"list","data":[)" + full + "," + std::string(json) +
                             R"(,{"object":"checkout.session"}],"has_more":true})");
  if (!alone) {
    if (!page) return check_list_error(page.error());
    check(
        !nlohmann::json::accept(json) ||
            (page->data.size() == 3 && page->data[1].object.empty() && !page->data[1].amount_total),
        "what is refused alone is named in a list");
    return;
  }
  // A quote inside a word ends what is set aside elsewhere than what is read.
  if (!page)
    return check(!nlohmann::json::accept(json) || alone->object.empty(),
                 "what is read alone is read in a list");
  check(!alone->object.empty(), "what is in a list says what it is");
  sr::checkout_session last;
  last.object = "checkout.session";
  check(page->has_more && page->data.size() == 3, "a list has all of its sessions");
  check(fuzz::same(page->data[0], *sr::parse_checkout_session(full)) &&
            fuzz::same(page->data[1], *alone) && fuzz::same(page->data[2], last),
        "a session in a list has nothing of its neighbors");
}

void check_session(std::string_view json) {
  check_decoding(json);
  check_in_a_list(json);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size != 0 && data[0] == 1) {
    fuzz::byte_source choices(data + 1, size - 1);
    check_session(fuzz::session_writer(choices).write());
  } else {
    check_session({reinterpret_cast<const char*>(data), size});
  }
  return 0;
}
