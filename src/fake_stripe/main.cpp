// fake-stripe: a Stripe to test against, from the shell.

#include "program/number.hpp"
#include "program/standard_descriptors.hpp"
#include "program/usage_error.hpp"
#include "testkit/fake_stripe/api.hpp"
#include "testkit/fake_stripe/command.hpp"

#include <stripe_return/fake_stripe/fake_stripe_server.hpp>

#include <CLI/CLI.hpp>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

namespace sr = stripe_return;

namespace {

constexpr const char* description =
    R"(A stateful Stripe on 127.0.0.1, for tests: Checkout Sessions with their hosted page, events and
signed webhooks. Nothing is paid and nothing leaves this computer.

  fake-stripe --webhook http://127.0.0.1:8081/webhook --webhook-secret whsec_test
  fake-stripe --port 4242 --tls --tls-ca-file ca.pem
)";

constexpr const char* footer_start = R"(
The first line of the output is the base URL to give to a client instead of https://api.stripe.com.
With --tls the second line is the path of the certificate authority's file, in PEM, which the client
has to trust. It runs until SIGINT or SIGTERM. Exit code 1: it could not start; 2: the command line
was wrong.

Any key of test mode (sk_test_..., rk_test_...) is good, unless --secret-key names one. A session's
url is the page where the customer pays. By hand:

  curl -u sk_test_x: URL/v1/checkout/sessions -d mode=payment -d success_url=http://127.0.0.1/ok
    -d 'line_items[0][price_data][currency]=eur' -d 'line_items[0][price_data][unit_amount]=500'
    -d 'line_items[0][price_data][product_data][name]=Tea' -d 'line_items[0][quantity]=1'
  curl URL/_fake/sessions/ID/pay -d ''

The API, as https://docs.stripe.com/api has it; a parameter that is not known here is refused:

)";

std::string footer() {
  std::string text = footer_start;
  for (const auto& route : sr::fake::api_routes())
    text.append("  ").append(route.method).append(" ").append(route.path).append("\n");
  text += "\nThe test's own commands, with the members of their JSON body:\n\n";
  for (const auto& route : sr::fake::command_routes()) {
    std::string line = "  " + std::string(route.method) + " " + std::string(route.path);
    std::string members;
    for (const std::string_view each : sr::fake::words_of(route.members))
      members.append(members.empty() ? " {" : ", ").append(each);
    if (!members.empty()) line += members + "}";
    text += line + "\n      " + std::string(route.summary) + "\n";
  }
  text += R"(
POST /_fake/webhooks takes: url, secret; events, a list of types or ["*"]; payload snapshot, thin or
both; duplicate, lose, reorder, for the next so many events; delay, in seconds. POST /_fake/faults
takes: kind latency (latency_ms), status (status, code, should_retry), cut or stall; method,
path_prefix, count.)";
  return text;
}

// The file of the authority, which goes with this object if nobody has named it.
class ca_file {
public:
  ca_file(std::string path, const std::string& pem) : path_(std::move(path)) {
    if (path_.empty()) {
      path_ = (std::filesystem::temp_directory_path() / "fake-stripe-ca-XXXXXX").string();
      const int file = mkstemp(path_.data());
      if (file < 0) throw std::runtime_error("cannot make a temporary file");
      close(file);
      is_temporary_ = true;
    }
    std::ofstream file(path_, std::ios::binary | std::ios::trunc);
    file << pem << std::flush;
    if (!file)
      throw std::runtime_error("cannot write " + path_ + ": " +
                               std::generic_category().message(errno));
  }
  ~ca_file() {
    if (is_temporary_) unlink(path_.c_str());
  }
  ca_file(const ca_file&) = delete;
  ca_file& operator=(const ca_file&) = delete;

  const std::string& path() const { return path_; }

private:
  std::string path_;
  bool is_temporary_ = false;
};

int run(int argc, char** argv) {
  sr::fake_stripe_server_options options;
  std::string ca_path;
  std::string secret_key;
  std::string webhook_secret;
  CLI::App app(description, "fake-stripe");
  app.footer(footer());
  app.set_version_flag("--version", "fake-stripe " STRIPE_RETURN_VERSION);
  app.add_option_function<std::string>(
         "--port",
         [&options](const std::string& text) {
           const std::optional<std::uint16_t> port = program::to_number<std::uint16_t>(text);
           if (!port) throw CLI::ValidationError("--port takes 0 to 65535");
           options.port = *port;
         },
         "Of 127.0.0.1; 0 for any that is free [0]")
      ->type_name("PORT");
  CLI::Option* tls = app.add_flag("--tls", options.tls, "https instead of http");
  app.add_option("--tls-ca-file", ca_path,
                 "Where to write the certificate authority [a temporary file, removed at the end]")
      ->type_name("FILE")
      ->needs(tls);
  app.add_option("--secret-key", secret_key, "The one key that it takes")->type_name("KEY");
  app.add_option("--account", options.account, "The account of that key [acct_1FakeStripe]")
      ->type_name("ID");
  app.add_option("--connected-account", options.connected_accounts,
                 "One that the key may name in Stripe-Account; more than once for several")
      ->type_name("ID");
  CLI::Option* url =
      app.add_option("--webhook", options.webhook_url,
                     "Where webhooks go: http or https to 127.0.0.0/8, [::1] or localhost")
          ->type_name("URL");
  CLI::Option* signing = app.add_option("--webhook-secret", webhook_secret, "Signs them: whsec_...")
                             ->type_name("SECRET")
                             ->needs(url);
  url->needs(signing);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) { // --help, --version
    const int code = app.exit(asked);
    if (!std::cout.flush()) throw std::runtime_error("the standard output cannot be written");
    return code;
  } catch (const CLI::ParseError& wrong) {
    std::cerr << program::usage_error(app, wrong);
    return 2;
  }
  options.secret_key = sr::secret(secret_key);
  options.webhook_secret = sr::secret(webhook_secret);

  // Before there are threads, which inherit it: the signals wait for sigwait().
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);

  const sr::fake_stripe_server stripe(options);
  std::optional<ca_file> authority;
  if (options.tls) authority.emplace(ca_path, stripe.ca_pem());
  std::cout << stripe.url() << "\n";
  if (authority) std::cout << authority->path() << "\n";
  if (!std::cout.flush()) throw std::runtime_error("the standard output cannot be written");
  int signal = 0;
  sigwait(&ends, &signal);
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  if (!program::occupy_standard_descriptors()) return 1;
  try {
    return run(argc, argv);
  } catch (const std::exception& failure) {
    std::cerr << "fake-stripe: " << failure.what() << "\n";
    return 1;
  }
}
