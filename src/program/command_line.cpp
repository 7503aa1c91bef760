#include "program/command_line.hpp"

#include "program/commands.hpp"
#include "program/standard_output.hpp"

#include <CLI/CLI.hpp>

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace program {
namespace {

constexpr const char* description =
    R"(What does a Stripe Checkout Session mean for its order?

  stripe-return decide session.json          of a recorded session, without a network
  stripe-return fetch 'session_id=cs_...'    of the return query, path or URL of a customer
  stripe-return fetch cs_live_...            of a session that is stuck
  stripe-return verify --signature HEADER    of a webhook, its body on the standard input
  stripe-return order 177425 --store URL     why is this order stuck?
  stripe-return list --store URL --review    which orders wait for a person?
  stripe-return doctor                       why does nothing work?
)";

constexpr const char* footer = R"(
Exit code 0: the standard output is the outcome, one JSON object, whatever its state.
  state        paid, no_payment_required, processing, failed, awaiting_payment, expired,
               undetermined (ask again), needs_review (a person must look)
  final        true: no need to ask about this session again
  may_fulfill  true: the order that the session names may be handed over, once
  may_release  true: the stock held for it may be released
  pay_again    yes, no, unknown: may the customer be invited to pay?
  next_step    fulfil, wait, ask_again, resume, new_checkout, recover, contact_shop, none
  reasons      why, in stable words; and what Stripe said of the session, word for word
Exit code 1: it is one error object: {"error": {"code", "message", ...}}.
Exit code 2: the command line was wrong; the standard output is empty.
Exit code 3: the standard output could not be written, or the memory was used up.

For verify the outcome stands inside an object with event_id, event_type, livemode, account and
answer, the HTTP status for Stripe; a refused webhook has its error beside "answer": 400, or 500
where this host is at fault, for want of a usable secret.

For order it is what is kept of the order, its history at the end; waits_for says what has to happen
next: customer, stripe, checkout, expectation, run_due, lease, retry, person, or nothing. For list
it is such orders, at most 1000, and how many wait in all.
A store is sqlite:PATH, postgres:CONNINFO or postgresql://HOST/DATABASE.

Environment: STRIPE_SECRET_KEY for fetch, doctor and order --ask, STRIPE_WEBHOOK_SECRET (several: separated by
commas) for verify and doctor.
Neither is ever printed, nor is anything about the customer.)";

std::string variable(const char* name) {
  const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): nobody sets any
  return value == nullptr ? std::string() : std::string(value);
}

// CLI11 takes "" for 0, "0x10" for 16, and a number that is too large for the largest there is.
std::optional<std::int64_t> whole_number(const std::string& text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, failure] = std::from_chars(text.data(), end, value);
  if (failure != std::errc() || stopped != end) return std::nullopt;
  return value;
}

class options {
public:
  static void store(CLI::App& app, std::string& target) {
    app.add_option("--store", target, "Where the orders are: sqlite:PATH or postgres:CONNINFO")
        ->type_name("URL")
        ->required();
  }

  static void now(CLI::App& app, std::optional<sr::unix_seconds>& target) {
    app.add_option_function<std::string>(
           "--now",
           [&target](const std::string& text) {
             target = whole_number(text);
             if (!target) throw CLI::ValidationError("--now takes seconds since 1970");
           },
           "The time to decide at [now]")
        ->type_name("UNIX");
  }

  static void tolerance(CLI::App& app, std::chrono::seconds& target) {
    app.add_option_function<std::string>(
           "--tolerance",
           [&target](const std::string& text) {
             const std::optional<std::int64_t> seconds = whole_number(text);
             if (!seconds || *seconds < 0 || *seconds > 86400) {
               throw CLI::ValidationError("--tolerance takes 0 to 86400 seconds");
             }
             target = std::chrono::seconds(*seconds);
           },
           "How old, or how far ahead, the signature may be [300]")
        ->type_name("SECONDS");
  }

  // As a flag CLI11 takes "" for false, and yes, on and numbers beside the two words.
  static void livemode(CLI::App& app, std::optional<sr::livemode>& target) {
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

  static void order_key(CLI::App& app, std::string& target) {
    app.add_option("--order-key", target, "Metadata key that holds the order number")
        ->type_name("NAME")
        ->capture_default_str();
  }

  static void expect(CLI::App& app, expectations& target) {
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

  static void connection(CLI::App& app, connection_arguments& target) {
    app.add_option("--api-base", target.api_base, "Where the API is [https://api.stripe.com]")
        ->type_name("URL");
    app.add_option_function<double>(
           "--deadline",
           [&target](double seconds) {
             if (!(seconds >= 0.001 && seconds <= 600)) {
               throw CLI::ValidationError("--deadline takes 0.001 to 600 seconds");
             }
             target.deadline = std::chrono::milliseconds(std::llround(seconds * 1000));
           },
           "Answer within this time [10]")
        ->type_name("SECONDS");
    app.add_option("--account", target.account, "Connected account to ask for")->type_name("ACCT");
    app.add_option("--ca-file", target.ca_file, "PEM file of the authorities to trust")
        ->type_name("FILE");
  }
};

// CLI11 repeats an argument that it has no place for, and that may be a secret in the wrong place.
std::string message_of(const CLI::ParseError& wrong) {
  if (dynamic_cast<const CLI::ExtrasError*>(&wrong) != nullptr) {
    return "an argument was not expected";
  }
  if (dynamic_cast<const CLI::ConversionError*>(&wrong) != nullptr) {
    return "the value of an option cannot be read";
  }
  return wrong.what();
}

} // namespace

environment read_environment() {
  return {variable("STRIPE_SECRET_KEY"), variable("STRIPE_WEBHOOK_SECRET")};
}

int run(int argc, const char* const* argv) {
  CLI::App app(description, "stripe-return");
  app.footer(footer);
  app.require_subcommand(1);
  app.set_version_flag("--version", "stripe-return " STRIPE_RETURN_VERSION);

  decide_arguments decide_these;
  CLI::App& decide_app = *app.add_subcommand("decide", "Decide on a recorded session");
  decide_app.add_option("FILE", decide_these.file, "Its JSON; - for the standard input")
      ->required();
  options::now(decide_app, decide_these.now);
  options::order_key(decide_app, decide_these.order_key);
  options::expect(decide_app, decide_these.expected);

  fetch_arguments fetch_this;
  CLI::App& fetch_app = *app.add_subcommand("fetch", "Ask Stripe for a session and decide");
  fetch_app
      .add_option("RETURN", fetch_this.what,
                  "A return query, a path or URL with it, or a session id")
      ->required();
  fetch_app.add_option("--param", fetch_this.parameter, "The query parameter with the session id")
      ->type_name("NAME")
      ->capture_default_str();
  options::order_key(fetch_app, fetch_this.order_key);
  options::expect(fetch_app, fetch_this.expected);
  options::connection(fetch_app, fetch_this.connection);

  verify_arguments verify_this;
  CLI::App& verify_app = *app.add_subcommand("verify", "Verify a webhook and decide");
  verify_app.add_option("--signature", verify_this.signature, "The value of Stripe-Signature")
      ->type_name("HEADER")
      ->required();
  options::now(verify_app, verify_this.now);
  options::tolerance(verify_app, verify_this.tolerance);
  options::livemode(verify_app, verify_this.livemode);

  order_arguments order_this;
  CLI::App& order_app = *app.add_subcommand("order", "Show an order and its history");
  order_app.add_option("OUT_TRADE_NO", order_this.out_trade_no, "Its number")->required();
  options::store(order_app, order_this.store);
  order_app.add_flag("--ask", order_this.ask, "Ask Stripe first, and record what it says");
  options::order_key(order_app, order_this.order_key);
  options::connection(order_app, order_this.connection);

  list_arguments list_these;
  CLI::App& list_app = *app.add_subcommand("list", "List orders that wait");
  options::store(list_app, list_these.store);
  auto& which = *list_app.add_option_group("which");
  which.add_flag("--due", list_these.due, "Paid, and to be fulfilled by now");
  which.add_flag("--review", list_these.review, "A person must look");
  which.require_option(1);

  connection_arguments doctor_these;
  CLI::App& doctor_app = *app.add_subcommand(
      "doctor", "Check this host and the key, a line each: ok|warn|fail NAME TEXT");
  options::connection(doctor_app, doctor_these);

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) { // --help, --version
    std::ostringstream text;
    const int exit_code = app.exit(asked, text, std::cerr);
    print(text.str());
    return exit_code;
  } catch (const CLI::ParseError& wrong) {
    std::cerr << "stripe-return: " << message_of(wrong) << "\n\n" << app.help();
    return 2;
  }
  if (decide_app.parsed()) return decide(decide_these);
  if (fetch_app.parsed()) return fetch(fetch_this, read_environment());
  if (verify_app.parsed()) return verify(verify_this, read_environment());
  if (order_app.parsed()) return order(order_this, read_environment());
  if (list_app.parsed()) return list(list_these);
  return doctor(doctor_these, read_environment());
}

} // namespace program
