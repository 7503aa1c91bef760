#include "client/curl_global.hpp"
#include "program/commands.hpp"
#include "program/connection.hpp"
#include "program/standard_output.hpp"
#include "program/webhook_secrets.hpp"

#include <stripe_return/client/client_parts.hpp>
#include <stripe_return/client/curl_transport.hpp>

#include <curl/curl.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <unistd.h>
#include <utility>

namespace program {
namespace {

// Prints a line for each check and remembers whether one failed.
class report {
public:
  void ok(const char* name, const std::string& text) { print("ok", name, text); }
  void warn(const char* name, const std::string& text) { print("warn", name, text); }
  void fail(const char* name, const std::string& text) {
    print("fail", name, text);
    failed_ = true;
  }
  bool failed() const noexcept { return failed_; }

private:
  static void print(const char* word, const char* name, const std::string& text) {
    program::print(std::string(word) + " " + name + " " + text + "\n");
  }
  bool failed_ = false;
};

// Keeps what the library has no use for: what came with a refusal.
class listening_transport final : public sr::transport {
public:
  explicit listening_transport(sr::curl_transport_options options)
      : transport_(std::move(options)) {}

  std::uint64_t start(const sr::http_request& request, completion done) override {
    return transport_.start(request, [this, done = std::move(done)](sr::attempt_result about) {
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

  std::time_t date = -1;
  bool refused_once = false;

private:
  void listen(const sr::http_response& answer) {
    for (const sr::http_header& header : answer.headers) {
      if (header.name == "date") date = curl_getdate(header.value.c_str(), nullptr);
    }
    if (answer.status == 403) refused_once = true;
  }

  sr::curl_transport transport_;
};

void check_libcurl(report& report) {
  const curl_version_info_data* libcurl = curl_version_info(CURLVERSION_NOW);
  const std::string text = std::string("libcurl ") + libcurl->version + ", " +
                           (libcurl->ssl_version == nullptr ? "no TLS" : libcurl->ssl_version);
  if (libcurl->ssl_version == nullptr) {
    report.fail("libcurl", text + ": cannot speak https");
  } else if (!sr::libcurl_leaves_stalled_resolvers()) {
    report.warn("libcurl", text + ": a call outlasts its deadline where the name server stalls;"
                                  " 7.87 or later, with a resolver of its own thread, does not");
  } else {
    report.ok("libcurl", text);
  }
}

void check_ca_file(report& report, const std::string& given) {
  const curl_version_info_data* libcurl = curl_version_info(CURLVERSION_NOW);
  const char* built_in = libcurl->cainfo == nullptr ? "" : libcurl->cainfo;
  const std::string file = given.empty() ? built_in : given;
  if (file.empty()) {
    report.warn("ca_file", "libcurl has no CA file of its own: it uses another store, or none");
  } else if (access(file.c_str(), R_OK) != 0) {
    report.fail("ca_file", file + " cannot be read: install ca-certificates");
  } else {
    report.ok("ca_file", file);
  }
}

void check_webhook_secrets(report& report, const sr::secret& variable) {
  if (variable.empty()) return report.warn("webhook_secret", "STRIPE_WEBHOOK_SECRET is not set");
  const auto secrets = split_webhook_secrets(variable);
  if (!secrets) return report.fail("webhook_secret", secrets.error().message);
  for (const sr::endpoint_secret& each : *secrets) {
    if (each.value.reveal().compare(0, 6, "whsec_") != 0) {
      return report.fail("webhook_secret", "number " + each.label + " does not begin with whsec_");
    }
  }
  report.ok("webhook_secret", "well formed");
}

void check_clock(report& report, std::time_t stripe_time) {
  if (stripe_time < 0) return report.warn("clock", "no answer to compare it with");
  const long long ahead = static_cast<long long>(std::time(nullptr)) - stripe_time;
  const std::string text = std::to_string(ahead) + " s ahead of Stripe's";
  // Webhook signatures are refused from 300 s on.
  if (std::llabs(ahead) > 120) return report.warn("clock", text + ": synchronise it");
  report.ok("clock", text);
}

// Whether the key is one, whatever else is wrong.
bool check_secret_key(report& report, const sr::secret& key) {
  sr::client_options options;
  options.secret_key = key;
  const sr::result<void> usable = sr::check(options);
  if (usable) return true;
  report.fail("secret_key", usable.error().code == sr::error_code::missing_secret_key
                                ? "STRIPE_SECRET_KEY is not set"
                                : usable.error().message);
  return false;
}

// Asks for a session that cannot exist: being told so is the proof that everything else works.
void check_stripe(report& report, const connection_arguments& arguments,
                  const environment& environment) {
  if (!check_secret_key(report, environment.secret_key)) return report.warn("stripe", "not asked");
  const bool live = environment.secret_key.reveal().compare(3, 5, "live_") == 0;
  report.ok("secret_key", live ? "well formed, live mode" : "well formed, test mode");

  const sr::client_options options = options_for(arguments, environment);
  sr::curl_transport_options on_curl;
  on_curl.ca_file = options.ca_file;
  on_curl.proxy = options.proxy;
  on_curl.max_response_bytes = options.max_response_bytes;
  const auto transport = std::make_shared<listening_transport>(std::move(on_curl));
  const sr::session_client stripe(options, {transport});
  const auto answer =
      stripe.retrieve(*sr::session_id::parse(live ? "cs_live_doctor" : "cs_test_doctor"));
  if (answer || answer.error().code != sr::error_code::session_not_found) {
    report.fail("stripe", answer ? "the answer was made up"
                                 : std::string(to_string(answer.error().code)) + ": " +
                                       answer.error().message);
  } else {
    report.ok("stripe", options.api_base + " knows the key");
    if (transport->refused_once) {
      report.warn("payment_intents",
                  "the key may not read them: a delayed payment that failed "
                  "looks as if it were processing; allow 'PaymentIntents: Read'");
    } else {
      report.ok("payment_intents", "the key may read them");
    }
  }
  check_clock(report, transport->date);
}

} // namespace

int doctor(const connection_arguments& arguments, const environment& environment) {
  report report;
  check_libcurl(report);
  check_ca_file(report, arguments.ca_file);
  check_webhook_secrets(report, environment.webhook_secrets);
  check_stripe(report, arguments, environment);
  return report.failed() ? 1 : 0;
}

} // namespace program
