// How the program is called, and what it does when it is called wrongly.
#include "output_contract.hpp"
#include "session_document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::vector<std::string> commands = {"decide",         "fetch",         "verify",  "order",
                                           "list",           "resolve",       "cancel",  "close",
                                           "mark-fulfilled", "mark-refunded", "refresh", "doctor"};

bool is_command(const std::string& word) {
  return std::find(commands.begin(), commands.end(), word) != commands.end();
}

// Each names the command at fault, if there is one.
void expect_usage_errors(const std::vector<std::vector<std::string>>& command_lines) {
  for (const std::vector<std::string>& each : command_lines) {
    SCOPED_TRACE(::testing::PrintToString(each));
    const program_run run = program_call(each).input(session_document().dump()).run();
    expect_usage(run);
    const std::string name =
        "stripe-return" + (!each.empty() && is_command(each[0]) ? " " + each[0] : "");
    EXPECT_THAT(run.errors, StartsWith(name + ": "));
    EXPECT_THAT(run.errors, EndsWith("\nTry '" + name + " --help'.\n"));
  }
}

std::string help_of(const std::vector<std::string>& asked) {
  const program_run run = program_call(asked).run();
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.errors, "");
  for (const char code : std::string("0123"))
    EXPECT_THAT(run.output, HasSubstr(std::string("\nExit code ") + code + ": "));
  return run.output;
}

TEST(CommandLine, TheHelpIsShortAndSaysWhereMoreIs) {
  const std::string help = help_of({"--help"});
  EXPECT_EQ(help_of({"-h"}), help);
  EXPECT_LE(std::count(help.begin(), help.end(), '\n'), 40);
  for (const std::string& each : commands)
    EXPECT_THAT(help, HasSubstr("\n  " + each + " "));
  for (const char* each : {"COMMAND --help", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"})
    EXPECT_THAT(help, HasSubstr(each));
}

// The person on call has nothing else to read.
TEST(CommandLine, TheHelpOfACommandNamesItsWords) {
  const std::vector<std::string> outcome = {
      "state",       "final",   "may_fulfill", "may_release",    "pay_again", "next_step",
      "reasons",     "foreign", "session_id",  "payment_status", "currency",  "confirmed_by_stripe",
      "out_trade_no"};
  const auto outcome_and = [&](std::vector<std::string> words) {
    words.insert(words.end(), outcome.begin(), outcome.end());
    return words;
  };
  const std::vector<std::pair<std::string, std::vector<std::string>>> own = {
      {"decide", outcome_and({"FILE", "--now", "--expect", "session.json"})},
      {"fetch", outcome_and({"RETURN", "--param", "cs_live_", "STRIPE_SECRET_KEY"})},
      {"verify", outcome_and({"--signature", "--livemode true|false", "STRIPE_WEBHOOK_SECRET",
                              "event_id", "thin", "answer", "400", "500"})},
      {"order",
       {"waits_for", "review_items", "may_release", "unmatched", "refund", "claim", "expected"}},
      {"list",
       {"--waiting-before", "--page-token", "--stage open|due|fulfilled",
        "--waiting-for customer|stripe", "unreadable", "next_page_token", "unmatched_items"}},
      {"resolve",
       {"VERDICT accept|reject", "--note", "--order", "--account", "done", "nothing_to_decide",
        "changed_meanwhile", "claimed", "refused"}},
      {"cancel", {"--by", "canceled", "claimed", "fulfilled", "still_payable", "unknown"}},
      {"close", {"--by", "closed", "not_yet", "paid", "unknown"}},
      {"mark-fulfilled", {"--paid-by", "--elsewhere", "--unknown", "marked", "already_fulfilled"}},
      {"mark-refunded", {"--by", "done", "nothing_to_decide"}},
      {"refresh", {"REF", "done"}},
      {"doctor",
       {"--store", "ok|warn|fail", "secret_key", "sessions_read", "sessions_write",
        "payment_intents", "charges", "events", "webhook_secret", "clock", "libcurl", "ca_file",
        "reconciler"}}};
  for (const auto& [command, words] : own) {
    SCOPED_TRACE(command);
    const std::string help = help_of({command, "--help"});
    EXPECT_THAT(help, HasSubstr("Usage: stripe-return " + command + " [OPTIONS]"));
    for (const std::string& each : words)
      EXPECT_THAT(help, HasSubstr(each));
    EXPECT_EQ(help.find("\"error\"") != help.npos, command != "doctor");
    const bool prints_outcome = help.find("may_fulfill") != help.npos;
    EXPECT_EQ(prints_outcome, command == "decide" || command == "fetch" || command == "verify");
    EXPECT_EQ(help.find("\"answer\"") != help.npos, command == "verify");
    EXPECT_EQ(help.find("--store") == help.npos, prints_outcome);
  }
}

TEST(CommandLine, ACommandOnOrdersNeedsWhatItDecidesBy) {
  const std::vector<std::string> store = {"--store", "sqlite:/no/such"};
  const auto with_store = [&](std::vector<std::string> words) {
    words.insert(words.end(), store.begin(), store.end());
    return words;
  };
  for (const std::vector<std::string>& right : std::vector<std::vector<std::string>>{
           {"order", "A1"},
           {"list"},
           {"list", "--stage", "due", "--review", "--waiting-for", "lease", "--waiting-before",
            "1774267200", "--to-give-back", "--limit", "1000", "--page-token", "1.A1"},
           {"resolve", "A1:1", "accept", "--by", "ann", "--note", "why", "--order", "A1",
            "--account", "acct_1"},
           {"cancel", "A1", "--by", "ann"},
           {"close", "A1", "--by", "ann"},
           {"mark-fulfilled", "A1", "--by", "ann", "--elsewhere"},
           {"mark-refunded", "cs_test_1", "--by", "ann"},
           {"refresh", "A1"}}) {
    SCOPED_TRACE(::testing::PrintToString(right));
    expect_error(program_call(with_store(right)).run());
    expect_usage(program_call(right).run());
  }
  const std::vector<std::vector<std::string>> wrong = {
      {"order"},
      {"order", ""},
      {"order", "A1", "--ask"},
      {"order", "A1\xff"},
      {"list", "A1"},
      {"list", "--stage", "paid"},
      {"list", "--stage", ""},
      {"list", "--waiting-for", "godot"},
      {"list", "--waiting-before", "noon"},
      {"list", "--limit", "0"},
      {"list", "--limit", "1001"},
      {"list", "--limit", "many"},
      {"list", "--page-token", ""},
      {"resolve", "A1:1", "--by", "ann"},
      {"resolve", "A1:1", "maybe", "--by", "ann"},
      {"resolve", "A1:1", "accept"},
      {"resolve", "A1:1", "accept", "--by", ""},
      {"resolve", "A1:1", "accept", "--by", "ann", "--note", "\xff"},
      {"cancel", "A1"},
      {"cancel", "A1", "A2", "--by", "ann"},
      {"close", "A1"},
      {"mark-fulfilled", "A1", "--by", "ann"},
      {"mark-fulfilled", "A1", "--unknown"},
      {"mark-fulfilled", "A1", "--by", "ann", "--unknown", "--elsewhere"},
      {"mark-fulfilled", "A1", "--by", "ann", "--unknown", "--paid-by", "cs_test_1"},
      {"mark-fulfilled", "A1", "--by", "ann", "--paid-by", ""},
      {"mark-refunded", "cs_test_1"},
      {"refresh", "A1", "--by", "ann"}};
  for (const std::vector<std::string>& each : wrong)
    expect_usage_errors({with_store(each)});
}

TEST(CommandLine, TheVersionIsOneLine) {
  const program_run run = program_call({"--version"}).run();
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.output, ::testing::MatchesRegex("stripe-return [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  EXPECT_EQ(run.errors, "");
}

TEST(CommandLine, ACommandIsRequiredAndOnlyOne) {
  expect_usage_errors({{}, {""}, {"undo"}, {"Decide", "-"}, {"decide", "-", "doctor"}});
}

TEST(CommandLine, ThePositionalIsRequiredAndOnlyOne) {
  expect_usage_errors({{"decide"}, {"fetch"}, {"decide", "-", "-"}, {"doctor", "cs_test_a1"}});
}

TEST(CommandLine, AnUnknownOptionIsRefused) {
  expect_usage_errors({{"decide", "-", "--strict"},
                       {"decide", "-", "--api-base", "http://127.0.0.1"},
                       {"fetch", "cs_test_a1", "--now", "1"},
                       {"fetch", "cs_test_a1", "--insecure"},
                       {"verify", "--signature", "t=1", "--order-key", "order"},
                       {"verify", "--signature", "t=1", "--secret", "whsec_1"},
                       {"doctor", "--expect", "amount=400"}});
}

TEST(CommandLine, AnOptionNeedsItsValue) {
  expect_usage_errors({{"decide", "-", "--now"},
                       {"decide", "-", "--order-key"},
                       {"decide", "-", "--expect"},
                       {"fetch", "cs_test_a1", "--api-base"},
                       {"fetch", "cs_test_a1", "--param"},
                       {"verify", "--signature"},
                       {"verify", "--signature", "t=1", "--tolerance"},
                       {"doctor", "--ca-file"}});
}

TEST(CommandLine, NowIsAWholeNumberOfSeconds) {
  for (const char* wrong : {"", "now", "1x", "0x10", "1.5", " 1", "1 ", "1e9", "2026-09-30",
                            "9223372036854775808", "99999999999999999999"}) {
    expect_usage_errors({{"decide", "-", "--now", wrong}});
  }
  expect_usage_errors({{"decide", "-", "--now", "1", "--now", "2"}});
  for (const char* right : {"0", "1774256386", "9223372036854775807"}) {
    expect_outcome(
        program_call({"decide", "-", "--now", right}).input(session_document().dump()).run());
  }
}

TEST(CommandLine, TheDeadlineIsInDecimalSeconds) {
  for (const char* wrong : {"", "soon", "10s", "0", "-1", "0.0001", "601", "nan", "inf"}) {
    expect_usage_errors(
        {{"fetch", "cs_test_a1", "--deadline", wrong}, {"doctor", "--deadline", wrong}});
  }
  // Without a key nothing is sent.
  for (const char* right : {"0.001", "0.25", "1", "2.5", "600"}) {
    expect_error(program_call({"fetch", "cs_test_a1", "--deadline", right}).run(),
                 "missing_secret_key");
  }
}

TEST(CommandLine, AUsageErrorNamesWhatIsWrong) {
  const std::pair<std::vector<std::string>, const char*> wrong[] = {
      {{}, ": a command is required"},
      {{"undo"}, ": there is no such command"},
      {{"--undo"}, ": there is no such option"},
      {{"--version=maybe"}, ": an option that takes no value was given one"},
      {{"decide"}, " decide: FILE is required"},
      {{"decide", "-", "-"}, " decide: an argument was not expected"},
      {{"decide", "-", "doctor"}, " decide: an argument was not expected"},
      {{"decide", "-", "--store", "x"}, " decide: there is no such option"},
      {{"decide", "-", "--now"}, " decide: --now takes one value"},
      {{"decide", "-", "--now", "1", "--now", "2"}, " decide: --now takes one value"},
      {{"decide", "-", "--now", "x"}, " decide: --now takes seconds since 1970"},
      {{"decide", "-", "--expect", "a=1"}, " decide: --expect knows out_trade_no, "},
      {{"fetch"}, " fetch: RETURN is required"},
      {{"fetch", "cs_1", "--deadline", "0"}, " fetch: --deadline takes 0.001 to 600 seconds"},
      {{"verify"}, " verify: --signature is required"},
      {{"list"}, " list: --store is required"},
      {{"list", "--store", "x", "--stage", "y"}, " list: --stage takes open|due|fulfilled|"},
      {{"list", "--store", "x", "--review=maybe"},
       " list: an option that takes no value was given one"},
      {{"resolve", "1", "accept", "--store", "x", "--by", ""}, " resolve: --by: must not be empty"},
      {{"mark-fulfilled", "A1", "--by", "ann", "--store", "x"}, " mark-fulfilled: "}};
  for (const auto& [command_line, why] : wrong) {
    expect_usage_errors({command_line});
    EXPECT_THAT(program_call(command_line).run().errors,
                StartsWith(std::string("stripe-return") + why));
  }
}

} // namespace
