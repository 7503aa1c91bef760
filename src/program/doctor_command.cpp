#include "client/curl_global.hpp"
#include "program/commands.hpp"
#include "program/doctor_report.hpp"
#include "program/webhook_secrets.hpp"

#include <curl/curl.h>

#include <string>
#include <unistd.h>

namespace program {
namespace {

void check_libcurl(doctor_report& report) {
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

void check_ca_file(doctor_report& report, const std::string& given) {
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

void check_webhook_secrets(doctor_report& report, const sr::secret& variable) {
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

} // namespace

int doctor(const doctor_arguments& arguments, const environment& environment) {
  doctor_report report;
  check_libcurl(report);
  check_ca_file(report, arguments.connection.ca_file);
  check_webhook_secrets(report, environment.webhook_secrets);
  check_stripe(report, arguments, environment);
  if (!arguments.store.empty()) check_store(report, arguments, environment);
  return report.failed() ? 1 : 0;
}

} // namespace program
