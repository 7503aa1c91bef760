#include "program/command_options.hpp"

#include "program/number.hpp"

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <locale>
#include <sstream>
#include <vector>

namespace program::options {
namespace {

constexpr char connection_group[] = "Connection to Stripe";

constexpr char exit_codes_of_an_object[] = R"(

Exit code 0: the standard output is the object, whatever it says.
Exit code 1: it has an error instead: {"error": {"code", "message", "http_status", "stripe_code",
             "request_id", "retryable"}}.
)";

// Not every standard library has std::from_chars for this.
std::optional<double> to_decimal(const std::string& text) {
  if (text.find_first_not_of("0123456789.") != std::string::npos) return std::nullopt;
  std::istringstream stream(text);
  stream.imbue(std::locale::classic());
  double value = 0;
  if (!(stream >> value) || stream.peek() != EOF) return std::nullopt;
  return value;
}

} // namespace

void describe_output(CLI::App& app, const std::string& text) {
  app.footer(text + exit_codes_of_an_object + other_exit_codes);
}

void store(CLI::App& app, std::string& target, const std::string& description) {
  const char* forms = ": sqlite:PATH, postgres:CONNINFO or postgresql://HOST/DATABASE";
  app.add_option("--store", target, description + forms)->type_name("URL");
}

void time(CLI::App& app, const std::string& name, const std::string& description,
          std::optional<sr::unix_seconds>& target) {
  app.add_option_function<std::string>(
         name,
         [name, &target](const std::string& text) {
           target = to_number<std::int64_t>(text);
           if (!target) throw CLI::ValidationError(name + " takes seconds since 1970");
         },
         description)
      ->type_name("UNIX");
}

void tolerance(CLI::App& app, std::chrono::seconds& target) {
  app.add_option_function<std::string>(
         "--tolerance",
         [&target](const std::string& text) {
           const std::optional<std::int64_t> seconds = to_number<std::int64_t>(text);
           if (!seconds || *seconds < 0 || *seconds > 86400) {
             throw CLI::ValidationError("--tolerance takes 0 to 86400 seconds");
           }
           target = std::chrono::seconds(*seconds);
         },
         "How old, or how far ahead, the signature may be [300]")
      ->type_name("SECONDS");
}

// As a flag CLI11 takes "" for false, and yes, on and numbers beside the two words.
void livemode(CLI::App& app, std::optional<sr::livemode>& target) {
  app.add_option_function<std::string>(
         "--livemode",
         [&target](const std::string& text) {
           if (text != "true" && text != "false") {
             throw CLI::ValidationError("--livemode takes true or false");
           }
           target = text == "true" ? sr::livemode::live : sr::livemode::test;
         },
         "The endpoint's mode [either]")
      ->type_name("true|false");
}

void order_key(CLI::App& app, std::string& target) {
  app.add_option("--order-key", target, "Metadata key that holds the order number")
      ->type_name("NAME")
      ->capture_default_str();
}

void naming(CLI::App& app, sr::order_naming& target) {
  constexpr char group[] = "As the application names its sessions";
  order_key(app, target.order_key);
  app.get_option("--order-key")->group(group);
  app.add_option("--attempt-key", target.attempt_key, "Metadata key that holds the attempt")
      ->type_name("NAME")
      ->capture_default_str()
      ->group(group);
  app.add_option("--shop-key", target.shop_key, "Metadata key that holds the shop's name")
      ->type_name("NAME")
      ->capture_default_str()
      ->group(group);
  app.add_option("--shop", target.shop, "The shop's name, where the application has one")
      ->type_name("NAME")
      ->group(group);
  app.add_flag("--client-reference-id", target.client_reference_id,
               "Where the application takes it for the order number as well")
      ->group(group);
}

void expect(CLI::App& app, expectations& target) {
  app.add_option_function<std::vector<std::string>>(
         "--expect",
         [&target](const std::vector<std::string>& given) {
           for (const std::string& each : given) {
             const std::string wrong = target.add(each);
             if (!wrong.empty()) throw CLI::ValidationError(wrong);
           }
           const std::string wrong = target.check();
           if (!wrong.empty()) throw CLI::ValidationError(wrong);
         },
         "Hold the session against an order: out_trade_no, amount (minor units), currency, "
         "amount_rule (total_exact, subtotal_exact, total_at_least, unchecked), mode, livemode, "
         "account (the connected account to ask), shop")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void account(CLI::App& app, connection_arguments& target) {
  app.add_option("--account", target.account, "Connected account to ask for")
      ->type_name("ACCT")
      ->group(connection_group);
}

void connection(CLI::App& app, connection_arguments& target) {
  app.add_option("--api-base", target.api_base, "Where the API is [https://api.stripe.com]")
      ->type_name("URL")
      ->group(connection_group);
  app.add_option_function<std::string>(
         "--deadline",
         [&target](const std::string& text) {
           const double seconds = to_decimal(text).value_or(0);
           if (!(seconds >= 0.001 && seconds <= 600)) {
             throw CLI::ValidationError("--deadline takes 0.001 to 600 seconds");
           }
           target.deadline = std::chrono::milliseconds(std::llround(seconds * 1000));
         },
         "Answer within this time [10]")
      ->type_name("SECONDS")
      ->group(connection_group);
  app.add_option("--ca-file", target.ca_file, "PEM file of the authorities to trust")
      ->type_name("FILE")
      ->group(connection_group);
}

} // namespace program::options
