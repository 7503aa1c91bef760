#include "program/connection.hpp"
#include "program/doctor_report.hpp"

#include <stripe_return/client/client_parts.hpp>
#include <stripe_return/client/curl_transport.hpp>
#include <stripe_return/client/session_client.hpp>

#include <curl/curl.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <optional>
#include <utility>

namespace program {
namespace {

// Asks for what the client has no call for, and keeps what it has no use for.
class probing_transport final : public sr::transport {
public:
  explicit probing_transport(sr::curl_transport_options options) : transport_(std::move(options)) {}

  std::uint64_t start(const sr::http_request& request, completion done) override {
    sr::http_request sent = request;
    if (path != nullptr) sent.url.replace(sent.url.find("/v1/"), std::string::npos, path);
    return transport_.start(sent, [this, done = std::move(done)](sr::attempt_result about) {
      if (about.answer) listen(*about.answer);
      done(std::move(about));
    });
  }
  void cancel(std::uint64_t number) noexcept override { transport_.cancel(number); }
  sr::attempt_result so_far(std::uint64_t number) override { return transport_.so_far(number); }
  void drive_by(sr::event_loop* loop) override { transport_.drive_by(loop); }
  void work_until(std::chrono::steady_clock::time_point time) override {
    transport_.work_until(time);
  }
  void wake() noexcept override { transport_.wake(); }

  const char* path = nullptr; // in place of the one that the client asks for
  std::time_t date = -1;      // of the last answer
  bool refused = false;       // as not permitted, since it was set to false

private:
  void listen(const sr::http_response& answer) {
    for (const sr::http_header& header : answer.headers) {
      if (header.name == "date") date = curl_getdate(header.value.c_str(), nullptr);
    }
    if (answer.status == 403) refused = true;
  }

  sr::curl_transport transport_;
};

struct right {
  const char* name;
  const char* given;
  const char* missing; // what comes of it
};
constexpr right sessions_write = {
    "sessions_write", "the key may make and end sessions",
    "the key may not make or end sessions: no checkout can be opened, none closed; allow 'Checkout "
    "Sessions: Write'"};
constexpr right payment_intents = {
    "payment_intents", "the key may read them",
    "the key may not read them: a delayed payment that failed looks as if it were processing; "
    "allow 'PaymentIntents: Read'"};
constexpr right charges = {"charges", "the key may read them",
                           "the key may not read them: refunds and disputes are not seen; allow "
                           "'Charges: Read'"};
constexpr right events = {
    "events", "the key may read them",
    "the key may not read them: what no webhook has told is found late, or not at all; allow "
    "'Events: Read'"};

// What cannot exist is asked for. Being told so is the proof that everything else works, and
// whoever may not ask is told that instead.
class rights_check {
public:
  rights_check(doctor_report& report, const sr::session_client& stripe,
               probing_transport& transport, sr::session_id nobodys)
      : report_(report), stripe_(stripe), transport_(transport), nobodys_(std::move(nobodys)) {}

  // Error: why the others need not be asked for.
  std::optional<sr::error> read_session() {
    std::optional<sr::error> failure = unless_missing(stripe_.retrieve(nobodys_));
    payment_intents_refused_ = transport_.refused;
    if (failure || payment_intents_refused_) return failure;
    transport_.refused = false;
    sr::retrieve_options expanded;
    expanded.latest_charge = true;
    failure = unless_missing(stripe_.retrieve(nobodys_, expanded));
    charges_refused_ = transport_.refused;
    return failure;
  }

  void look_at_all() {
    tell(sessions_write, false, unless_missing(stripe_.expire(nobodys_)));
    // Whether what an answer would hold may be read may never be looked at where there is none.
    tell(payment_intents, payment_intents_refused_, get("/v1/payment_intents/pi_doctor"));
    tell(charges, charges_refused_, get("/v1/charges/ch_doctor"));
    tell(events, false, get("/v1/events/evt_doctor"));
  }

private:
  template <class T> static std::optional<sr::error> unless_missing(const sr::result<T>& answer) {
    if (answer)
      return sr::error{sr::error_code::wrong_session,
                       "The answer was made up: look at the proxy and at the base of the API."};
    if (answer.error().code == sr::error_code::session_not_found) return std::nullopt;
    return answer.error();
  }

  std::optional<sr::error> get(const char* path) {
    transport_.path = path;
    std::optional<sr::error> failure = unless_missing(stripe_.line_items(nobodys_));
    transport_.path = nullptr;
    return failure;
  }

  void tell(const right& which, bool refused, const std::optional<sr::error>& failure) {
    if (refused || (failure && failure->code == sr::error_code::permission_denied))
      return report_.warn(which.name, which.missing);
    if (failure) return report_.warn(which.name, "not known: " + in_one_line(*failure));
    report_.ok(which.name, which.given);
  }

  doctor_report& report_;
  const sr::session_client& stripe_;
  probing_transport& transport_;
  const sr::session_id nobodys_;
  bool payment_intents_refused_ = false;
  bool charges_refused_ = false;
};

void check_clock(doctor_report& report, std::time_t stripe_time) {
  if (stripe_time < 0) return report.warn("clock", "no answer to compare it with");
  const long long ahead = static_cast<long long>(std::time(nullptr)) - stripe_time;
  const std::string text = std::to_string(ahead) + " s ahead of Stripe's";
  // Webhook signatures are refused from 300 s on.
  if (std::llabs(ahead) > 120) return report.warn("clock", text + ": synchronize it");
  report.ok("clock", text);
}

// The key's mode, whatever else is wrong. None: it is no key.
std::optional<sr::livemode> check_secret_key(doctor_report& report, const sr::secret& key) {
  sr::client_options options;
  options.secret_key = key;
  const sr::result<sr::livemode> mode = sr::session_client(options).key_mode();
  if (mode) {
    report.ok("secret_key", "well formed, " + std::string(to_string(*mode)) + " mode");
    return *mode;
  }
  report.fail("secret_key", in_words_of_the_program(mode.error()).message);
  return std::nullopt;
}

void not_asked(doctor_report& report) {
  for (const right& each : {sessions_write, payment_intents, charges, events})
    report.warn(each.name, "not asked");
}

} // namespace

void check_stripe(doctor_report& report, const doctor_arguments& arguments,
                  const environment& environment) {
  const std::optional<sr::livemode> mode = check_secret_key(report, environment.secret_key);
  if (!mode) {
    report.warn("sessions_read", "not asked");
    not_asked(report);
    return report.warn("clock", "no answer to compare it with");
  }
  const sr::client_options options = options_for(arguments.connection, environment);
  sr::curl_transport_options on_curl;
  on_curl.ca_file = options.ca_file;
  on_curl.proxy = options.proxy;
  on_curl.max_response_bytes = options.max_response_bytes;
  const auto transport = std::make_shared<probing_transport>(std::move(on_curl));
  const sr::session_client stripe(options, {transport});
  rights_check rights(report, stripe, *transport,
                      *sr::session_id::parse("cs_" + std::string(to_string(*mode)) + "_doctor"));
  if (const std::optional<sr::error> failure = rights.read_session()) {
    report.fail("sessions_read", in_one_line(*failure));
    not_asked(report);
  } else {
    report.ok("sessions_read", options.api_base + " knows the key, which may read sessions");
    rights.look_at_all();
  }
  check_clock(report, transport->date);
}

} // namespace program
