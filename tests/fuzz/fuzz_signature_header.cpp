// The bytes are the header Stripe-Signature or, after a first byte 1, the choices from which one is
// written. The parser must make of it what a second one makes of it; and whatever else stands in
// it, exactly the signature of the body is believed.

#include "byte_source.hpp"
#include "check.hpp"
#include "signature_header_reader.hpp"
#include "webhook_signature.hpp"

#include "webhook/signature_header.hpp"

#include <stripe_return/webhook/webhook_verifier.hpp>

#include <algorithm>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;
using fuzz::check;

const std::string body = R"({"id":"evt_1","object":"event"})";
const std::string secret = "whsec_1";

std::string value_of(fuzz::byte_source& choices, std::int64_t time) {
  switch (choices.below(6)) {
  case 0: return fuzz::hex(fuzz::mac_of(body, time, secret));
  case 1: return fuzz::hex(fuzz::mac_of(body, time / 2, secret));
  case 2: return fuzz::hex(fuzz::mac_of(body, time, "whsec_2"));
  case 3: return std::string(62 + choices.below(4), choices.flag() ? 'F' : '0');
  case 4: return std::to_string(time);
  default: return choices.text(70);
  }
}

std::string written_header(fuzz::byte_source& choices) {
  const std::int64_t times[] = {0, 1, 1700000000, 253402300799, 253402300800, -1, INT64_MAX};
  const char* schemes[] = {"v1", "v0", "t", "V1", " v1", ""};
  const std::int64_t time = choices.pick(times);
  std::string header = std::string(choices.below(8) == 0 ? " " : "") +
                       "t=" + std::string(choices.below(3), '0') + std::to_string(time);
  const std::size_t count = choices.below(5);
  for (std::size_t i = 0; i != count; ++i) {
    const char* commas[] = {",,", ", ", " ,", "\t, ", ", ,"};
    header += choices.below(4) == 0 ? choices.pick(commas) : ",";
    header += choices.flag() ? "v1" : choices.pick(schemes);
    header += choices.below(16) == 0 ? "" : "=";
    header += value_of(choices, time);
  }
  return header;
}

void check_parsing(std::string_view header, const fuzz::signature_reading& expected) {
  const auto parsed = sr::parse_signature_header(header);
  check(parsed.has_value() == !expected.refusal, "the second parser agrees that it is a header");
  if (!parsed) {
    check(parsed.error().code == expected.refusal, "the second parser agrees why it is none");
    static const std::string malformed = sr::parse_signature_header("x").error().message;
    static const std::string not_signed = sr::parse_signature_header("").error().message;
    check(parsed.error().message == (expected.refusal == code::not_signed ? not_signed : malformed),
          "an error's message is the library's own");
    return;
  }
  check(parsed->time == expected.time, "the time is as the second parser has it");
  check(std::equal(parsed->signatures.begin(), parsed->signatures.end(),
                   expected.signatures.begin(), expected.signatures.end(),
                   [](const sr::mac& a, const std::string& b) { return fuzz::hex(a) == b; }),
        "the signatures are as the second parser has them");
}

void check_verifying(std::string_view header, const fuzz::signature_reading& expected) {
  static const sr::webhook_verifier verifier({{"current", secret}}, sr::livemode::test);
  const auto event = verifier.verify_without_time_check(body, header);
  const auto& given = expected.signatures;
  const bool genuine =
      !expected.refusal &&
      std::find(given.begin(), given.end(), fuzz::hex(fuzz::mac_of(body, expected.time, secret))) !=
          given.end();
  check(event.has_value() == genuine, "the body's own signature is believed, and no other");
  if (!genuine) {
    check(event.error().code == expected.refusal.value_or(code::signature_mismatch),
          "the error says whether the header or the signature is wrong");
  }
}

void check_header(std::string_view header) {
  const fuzz::signature_reading expected = fuzz::read_signature_header(header);
  check_parsing(header, expected);
  check_verifying(header, expected);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size != 0 && data[0] == 1) {
    fuzz::byte_source choices(data + 1, size - 1);
    check_header(written_header(choices));
  } else {
    check_header({reinterpret_cast<const char*>(data), size});
  }
  return 0;
}
