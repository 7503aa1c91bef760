#include "program/order_command_line.hpp"

#include "program/command_options.hpp"
#include "program/number.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace program {
namespace {

constexpr char of_order[] = R"(
Prints what is kept of the order. Needs no STRIPE_SECRET_KEY and changes nothing. Among others:
  stage         open, due (paid, to be fulfilled), fulfilled, closed, released (closed or canceled,
                and its stock given back), canceled; unmatched: a payment that belongs to no order
  waits_for     what has to happen next
                  customer     the customer has to pay
                  stripe       Stripe has to say more: refresh
                  checkout     a new checkout has to be opened, or the order closed
                  expectation  the application has to expect the order that a payment names
                  worker       a worker has to fulfill it
                  lease        a worker is at it
                  retry        the last try failed: a worker tries again
                  release      a worker has to give its stock back
                  refund       money has to be given back: see to_give_back, and mark-refunded
                  person       a person has to decide: see review_items, and resolve
                  nothing      it is over
  pay_again     yes, no, unknown: may the customer be invited to pay?
  may_release   true: nobody can pay it any more, so what is held for it may be given back
  expected      what it costs, as the application has said last; null: it has not
  claim         the worker that is at it, or null; next_try_at, next_poll_at: when it goes on
  sessions      what Stripe last said of each
  review_items  what a person has to decide, or has decided
  to_give_back  money that has to be given back, or that was
  history       all that has happened, the oldest first
Times are seconds since 1970; beside each *_at stands *_at_utc.)";

constexpr char of_list[] = R"(
Prints the orders that match every given option, or all orders without one. Needs no
STRIPE_SECRET_KEY and changes nothing.
  orders           each as `order` prints it, without its history
  unmatched_items  payments that belong to no order: `resolve` them
  unreadable       rows of the store that cannot be read
  to_give_back     with --to-give-back: each amount that has to be given back
  next_page_token  null, or what --page-token takes for the next page
  stats            of the whole store: how many wait, and since when; tasks and polls that are due)";

constexpr char of_resolve[] = R"(
Decides about one of the review_items that `order` and `list` print. What has to be done at Stripe
is done with STRIPE_SECRET_KEY.
  accept  the payment is the order's, as it is. What a worker has given up is tried again.
  reject  the payment is not the order's: its session is ended, or its money has to be given back.
          An order whose own payment is rejected is canceled.
Prints {"result": WORD, "order": {...}}, the order as `order` prints it. The word is
  done
  nothing_to_decide  there is no such item, or somebody has resolved it
  changed_meanwhile  it has closed itself: look at the order again
  claimed            a worker is at the order: try again later
  refused            not possible: a payment of the other mode cannot be accepted, one of another
                     account only with --account, one without an order only for an order that is
                     expected (--order); a session that Stripe does not have cannot be rejected)";

constexpr char of_cancel[] = R"(
The order is not to be fulfilled, whether it was paid or not. Its open sessions are ended at Stripe
with STRIPE_SECRET_KEY; money that is in has to be given back then: see `list --to-give-back`.
Prints {"result": WORD, "order": {...}}, the order as `order` prints it. The word is
  canceled
  claimed        a worker is at the order: try again later
  fulfilled      too late
  still_payable  a session could not be ended: try again
  unknown        what Stripe says is not clear, or it could not be asked: try again)";

constexpr char of_close[] = R"(
Nobody has paid the order, and nobody is to pay it any more. Its open sessions are ended at Stripe
with STRIPE_SECRET_KEY.
Prints {"result": WORD, "order": {...}}, the order as `order` prints it. The word is
  closed
  not_yet  a session can still be paid, or money is on its way: try again later
  paid     the order stays as it is
  unknown  what Stripe says is not clear, or it could not be asked: try again)";

constexpr char of_mark_fulfilled[] = R"(
The order was handed over, but not by a worker. Its open sessions are ended at Stripe with
STRIPE_SECRET_KEY.
Prints {"result": WORD, "order": {...}}, the order as `order` prints it. The word is
  marked
  already_fulfilled
  claimed            a worker is at the order: try again later)";

constexpr char of_mark_refunded[] = R"(
The money of the session was given back in a way that Stripe does not show.
Prints {"result": WORD, "order": {...}}, the order as `order` prints it. The word is
  done
  nothing_to_decide  it is not in `list --to-give-back`)";

constexpr char of_refresh[] = R"(
Asks Stripe about each session of the order with STRIPE_SECRET_KEY and keeps what it says.
Prints {"result": WORD, "order": {...}}, the order as `order` prints it. The word is
  done)";

// What is kept is UTF-8.
std::string refusal_of_text(const std::string& text) {
  if (text.empty()) return "must not be empty";
  try {
    nlohmann::json(text).dump();
  } catch (const nlohmann::json::exception&) {
    return "must be UTF-8";
  }
  return {};
}

CLI::Option& add_text(CLI::App& app, const std::string& name, std::string& target,
                      const std::string& description, const char* type) {
  return *app.add_option(name, target, description)->type_name(type)->check(refusal_of_text);
}

// An option that takes one of the words of an enum whose first value is 0.
template <class Enum, class Target>
CLI::Option& add_word(CLI::App& app, const std::string& name, Target& target, Enum last,
                      const std::string& description) {
  std::string words;
  for (int i = 0; i <= static_cast<int>(last); ++i)
    words.append(i == 0 ? "" : "|").append(to_string(static_cast<Enum>(i)));
  const auto take = [name, words, last, &target](const std::string& word) {
    for (int i = 0; i <= static_cast<int>(last); ++i) {
      if (to_string(static_cast<Enum>(i)) != word) continue;
      target = static_cast<Enum>(i);
      return;
    }
    throw CLI::ValidationError(name + " takes " + words);
  };
  return *app.add_option_function<std::string>(name, take, description)->type_name(words);
}

} // namespace

order_command_line::order_command_line(CLI::App& app) {
  add_reference(add(app, "order", "Show an order and its history", of_order, show_order), "REF",
                "Its number, or the id of a session or PaymentIntent of it");
  add_list(app);
  add_resolve(app);
  add_decision(app, "cancel", "Cancel an order, paid or not", of_cancel, cancel_order);
  add_decision(app, "close", "Close an order that nobody has paid", of_close, close_order);
  add_mark_fulfilled(app);
  CLI::App& refunded = add(app, "mark-refunded", "Say that money was given back", of_mark_refunded,
                           mark_money_refunded);
  add_reference(refunded, "SESSION", "The session whose money it is");
  add_by(refunded);
  CLI::App& refresh = add(app, "refresh", "Ask Stripe about an order", of_refresh, refresh_order);
  add_reference(refresh, "REF", "Its number, or the id of a session or PaymentIntent of it");
  options::account(refresh, given_.connection);
}

std::optional<int> order_command_line::run(const environment& environment) const {
  for (const known_command& each : commands_)
    if (each.app->parsed()) return each.what(given_, environment);
  return std::nullopt;
}

CLI::App& order_command_line::add(CLI::App& app, const char* name, const char* does,
                                  const char* footer, function what) {
  CLI::App& command = *app.add_subcommand(name, does);
  options::describe_output(command, footer);
  options::store(command, given_.store, "Where the orders are");
  command.get_option("--store")->required();
  options::naming(command, given_.naming);
  options::connection(command, given_.connection);
  commands_.push_back({&command, what});
  return command;
}

CLI::App& order_command_line::add_decision(CLI::App& app, const char* name, const char* does,
                                           const char* footer, function what) {
  CLI::App& command = add(app, name, does, footer, what);
  add_reference(command, "REF", "Its number, or the id of a session or PaymentIntent of it");
  add_by(command);
  options::account(command, given_.connection);
  return command;
}

void order_command_line::add_reference(CLI::App& command, const char* name, const char* is) {
  add_text(command, name, given_.reference, is, "").required();
}

void order_command_line::add_by(CLI::App& command) {
  add_text(command, "--by", given_.by, "Your name, for the history", "NAME").required();
}

void order_command_line::add_list(CLI::App& app) {
  CLI::App& command = add(app, "list", "List orders", of_list, list_orders);
  sr::order_query& query = given_.listed;
  add_word(command, "--stage", query.stage, sr::order_stage::unmatched, "Only those at this stage");
  add_word(command, "--waiting-for", query.waiting_for, sr::waits_for::nothing,
           "Only those that wait for this");
  options::time(command, "--waiting-before", "Only those that have waited since before this time",
                query.waiting_before);
  command.add_flag("--review", query.in_review, "Only those that a person has to decide about");
  command.add_flag("--to-give-back", query.to_give_back, "Only those with money to give back");
  command
      .add_option_function<std::string>(
          "--limit",
          [&query](const std::string& text) {
            const std::optional<std::int64_t> limit = to_number<std::int64_t>(text);
            if (!limit || *limit < 1 || *limit > 1000)
              throw CLI::ValidationError("--limit takes 1 to 1000");
            query.limit = static_cast<std::size_t>(*limit);
          },
          "At most so many, up to 1000 [100]")
      ->type_name("N");
  add_text(command, "--page-token", query.page_token, "The next_page_token of the page before",
           "T");
}

void order_command_line::add_resolve(CLI::App& app) {
  CLI::App& command =
      add(app, "resolve", "Accept or reject a payment that needs review", of_resolve, resolve_item);
  add_reference(command, "REVIEW_ID", "The review_id of the item");
  add_word(command, "VERDICT", given_.verdict, sr::review_verdict::reject, "Your decision")
      .required();
  add_by(command);
  add_text(command, "--note", given_.note, "Why, for the history", "TEXT");
  add_text(command, "--order", given_.out_trade_no,
           "The order that an unmatched payment is accepted for", "OUT_TRADE_NO");
  add_text(command, "--account", given_.account,
           "The account that a payment with account_mismatch is accepted from", "ID");
}

void order_command_line::add_mark_fulfilled(CLI::App& app) {
  CLI::App& command = add_decision(app, "mark-fulfilled", "Say that an order was fulfilled",
                                   of_mark_fulfilled, mark_order_fulfilled);
  CLI::Option_group& how = *command.add_option_group("How it was paid");
  how.add_option_function<std::string>(
         "--paid-by",
         [this](const std::string& session) {
           given_.how = sr::fulfilled_by::session;
           given_.paid_by = session;
         },
         "By this session of the order")
      ->type_name("SESSION")
      ->check(refusal_of_text);
  const auto add_flag = [&](const char* name, sr::fulfilled_by meaning, const char* means) {
    how.add_flag_callback(
        name, [this, meaning] { given_.how = meaning; }, means);
  };
  add_flag("--elsewhere", sr::fulfilled_by::elsewhere,
           "Not by a session: every payment by one has to be reviewed");
  add_flag("--unknown", sr::fulfilled_by::unknown,
           "It is not known: the first payment that agrees counts");
  how.require_option(1);
}

} // namespace program
