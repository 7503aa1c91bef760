#include "program/command_line.hpp"

#include "program/command_options.hpp"
#include "program/commands.hpp"
#include "program/order_command_line.hpp"
#include "program/standard_output.hpp"
#include "program/usage_error.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace program {
namespace {

constexpr char footer[] = R"(
`stripe-return COMMAND --help` says what a command takes and what it prints.

Environment: STRIPE_SECRET_KEY for all but decide, verify, order and list; STRIPE_WEBHOOK_SECRET
(several: separated by commas) for verify and doctor.
Neither is ever printed, nor is anything about the customer.

Exit code 0: done; the standard output is one JSON object, or a line for each check of doctor.
Exit code 1: not done, and one JSON object says why; or a check of doctor has failed.
)";

constexpr char outcome[] = R"(
  state                state of the session: paid, no_payment_required, processing, failed,
                       awaiting_payment, expired, undetermined (ask again), needs_review (a person
                       must look), foreign (another shop's: nothing to do)
  final                true: no need to ask about this session again
  may_fulfill          true: the order that the session names may be handed over, once
  may_release          true: the stock held for it may be released
  pay_again            yes, no, unknown: may the customer be invited to pay?
  next_step            fulfill, wait, ask_again, resume, new_checkout, recover, contact_shop, none
  reasons              why, in stable words
  confirmed_by_stripe  false: undetermined, or expired by a clock alone
  out_trade_no, session_id, status, payment_status, mode, amount_total, currency, livemode,
  created, expires_at, payment_intent
                       what Stripe said of the session, word for word; null: nothing)";

constexpr char of_decide[] = R"(
  stripe-return decide session.json --now 1774256400

Needs neither a network nor a key. Prints the outcome, one JSON object:)";

constexpr char of_fetch[] = R"(
  stripe-return fetch 'session_id=cs_...'    of the return query, path or URL of a customer
  stripe-return fetch cs_live_...            of a session that is stuck

Asks with STRIPE_SECRET_KEY and changes nothing. Prints the outcome, one JSON object:)";

constexpr char of_verify[] = R"(
  stripe-return verify --signature "$header" < body.json

The secrets are in STRIPE_WEBHOOK_SECRET, separated by commas. Prints one JSON object:
  event_id, event_type, livemode, account, session_id
           what the event says
  thin     true: it holds no session; fetch the one of session_id
  answer   the HTTP status for Stripe
  outcome  of the session that it holds, or null
Of a webhook that is refused: {"error", "answer"}, with the answer 400, or 500 where this machine is
at fault, for want of a usable secret. The outcome:)";

constexpr char of_doctor[] = R"(
Prints a line for each check: ok|warn|fail NAME TEXT. Uses STRIPE_SECRET_KEY and
STRIPE_WEBHOOK_SECRET. Changes nothing, neither at Stripe nor in the store.
  secret_key       STRIPE_SECRET_KEY is a key, and of which mode
  sessions_read    Stripe can be reached, and the key may read Checkout Sessions
  sessions_write   the key may make and end them
  payment_intents  it may read PaymentIntents: whether a delayed payment failed
  charges          it may read charges: refunds and disputes
  events           it may read events: what no webhook has told
  webhook_secret   STRIPE_WEBHOOK_SECRET is one, or several
  clock            this machine's time is Stripe's
  libcurl          its version keeps deadlines
  ca_file          the authorities to trust can be read
  store            with --store: it can be used with this key, and nothing in it is forgotten
  reconciler       with --store: Stripe's lists were read to their end within the last hour

Exit code 0: no check failed.
Exit code 1: one has.
)";

std::string variable(const char* name) {
  const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): nobody sets any
  return value == nullptr ? std::string() : std::string(value);
}

} // namespace

environment read_environment() {
  return {variable("STRIPE_SECRET_KEY"), variable("STRIPE_WEBHOOK_SECRET")};
}

int run(int argc, const char* const* argv) {
  CLI::App app("What does a Stripe Checkout Session mean for its order?\n", "stripe-return");
  app.footer(std::string(footer) + options::other_exit_codes);
  app.require_subcommand(1);
  app.set_version_flag("--version", "stripe-return " STRIPE_RETURN_VERSION);

  decide_arguments decide_these;
  CLI::App& decide_app = *app.add_subcommand("decide", "Decide on a recorded session");
  options::describe_output(decide_app, std::string(of_decide) + outcome);
  decide_app.add_option("FILE", decide_these.file, "Its JSON; - for the standard input")
      ->required();
  options::time(decide_app, "--now", "The time to decide at [now]", decide_these.now);
  options::order_key(decide_app, decide_these.order_key);
  options::expect(decide_app, decide_these.expected);

  fetch_arguments fetch_this;
  CLI::App& fetch_app = *app.add_subcommand("fetch", "Ask Stripe for a session and decide");
  options::describe_output(fetch_app, std::string(of_fetch) + outcome);
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
  options::account(fetch_app, fetch_this.connection);

  verify_arguments verify_this;
  CLI::App& verify_app = *app.add_subcommand("verify", "Verify a webhook and decide");
  options::describe_output(verify_app, std::string(of_verify) + outcome);
  verify_app.add_option("--signature", verify_this.signature, "The value of Stripe-Signature")
      ->type_name("HEADER")
      ->required();
  options::time(verify_app, "--now", "The time to decide at [now]", verify_this.now);
  options::tolerance(verify_app, verify_this.tolerance);
  options::livemode(verify_app, verify_this.livemode);

  const order_command_line order_commands(app);

  doctor_arguments doctor_these;
  CLI::App& doctor_app = *app.add_subcommand("doctor", "Check this machine, the key and a store");
  doctor_app.footer(std::string(of_doctor) + options::other_exit_codes);
  options::store(doctor_app, doctor_these.store, "Look at this store as well");
  options::naming(doctor_app, doctor_these.naming);
  options::connection(doctor_app, doctor_these.connection);
  options::account(doctor_app, doctor_these.connection);

  app.get_formatter()->label("SUBCOMMAND", "COMMAND");
  for (CLI::App* each : app.get_subcommands({}))
    each->group("Commands");
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) { // --help, --version
    std::ostringstream text;
    const int exit_code = app.exit(asked, text, std::cerr);
    print(text.str());
    return exit_code;
  } catch (const CLI::ParseError& wrong) {
    std::cerr << usage_error(app, wrong);
    return 2;
  }
  if (decide_app.parsed()) return decide(decide_these);
  if (fetch_app.parsed()) return fetch(fetch_this, read_environment());
  if (verify_app.parsed()) return verify(verify_this, read_environment());
  if (const auto exit_code = order_commands.run(read_environment())) return *exit_code;
  return doctor(doctor_these, read_environment());
}

} // namespace program
