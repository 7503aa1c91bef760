// The program where a standard stream is closed, or cannot take what is written to it.
#include "output_contract.hpp"
#include "stripe_server.hpp"

#include <stripe_return/testkit/webhook_signer.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <unistd.h>

namespace {

using ::testing::HasSubstr;

const std::string signed_body = R"({"id":"evt_1","object":"event","livemode":false})";

loopback::handler paid_session() {
  return always(session_response(session_document()));
}

// A call of every command that prints, whatever its exit code is where the output can be written.
std::vector<program_call> calls_that_print(const stripe_server& stripe) {
  std::vector<program_call> calls;
  for (const std::vector<std::string>& asked :
       std::vector<std::vector<std::string>>{{"--help"},
                                             {"-h"},
                                             {"--version"},
                                             {"decide", "--help"},
                                             {"fetch", "--help"},
                                             {"verify", "--help"},
                                             {"order", "--help"},
                                             {"list", "--help"},
                                             {"doctor", "--help"},
                                             {"fetch", "cs_test_a1"}, // no key
                                             {"order", "A1", "--store", "mysql:x"},
                                             {"list", "--store", "mysql:x"},
                                             {"close", "A1", "--by", "ann", "--store", "mysql:x"},
                                             {"doctor"}}) {
    calls.emplace_back(asked);
  }
  calls.push_back(program_call({"decide", "-"}).input(session_document().dump()));
  calls.push_back(program_call({"decide", "-"}).input("{"));
  calls.push_back(stripe.call({"fetch", "cs_test_a1"}));
  calls.push_back(stripe.call({"doctor"}));
  calls.push_back(
      program_call({"verify", "--now", "1774256500", "--signature",
                    stripe_return::testkit::sign_webhook(signed_body, "whsec_1", 1774256500)})
          .input(signed_body)
          .variable("STRIPE_WEBHOOK_SECRET", "whsec_1"));
  calls.push_back(program_call({"verify", "--signature", "t=1"}).input(signed_body));
  return calls;
}

// A script that only looks at the exit code must not take a full disk for an outcome.
TEST(StandardOutput, ThatIsFullIsExitCode3) {
  const stripe_server stripe(paid_session());
  for (program_call& each : calls_that_print(stripe)) {
    SCOPED_TRACE(each.run().output.substr(0, 200));
    const program_run run = each.output_to("/dev/full").run();
    EXPECT_EQ(run.exit_code, 3);
    EXPECT_THAT(run.errors, HasSubstr("output cannot be written: No space left"));
  }
}

TEST(StandardOutput, ThatNobodyReadsIsExitCode3) {
  const stripe_server stripe(paid_session());
  for (program_call& each : calls_that_print(stripe)) {
    const program_run run = each.output_to_nobody().run();
    EXPECT_EQ(run.exit_code, 3);
    EXPECT_THAT(run.errors, HasSubstr("output cannot be written: Broken pipe"));
  }
}

TEST(StandardOutput, ThatIsClosedIsExitCode3) {
  const stripe_server stripe(paid_session());
  for (program_call& each : calls_that_print(stripe)) {
    SCOPED_TRACE(each.run().output.substr(0, 200));
    const program_run run = each.without(STDOUT_FILENO).run();
    EXPECT_EQ(run.exit_code, 3);
    EXPECT_THAT(run.errors, HasSubstr("output cannot be written: Bad file descriptor"));
  }
}

// Descriptor 1 would be that of the connection, and the object go to the server.
TEST(StandardOutput, IsNeverTheConnection) {
  const stripe_server stripe(paid_session());
  for (const std::vector<int>& closed :
       std::vector<std::vector<int>>{{1}, {1, 2}, {0, 1}, {0, 1, 2}}) {
    for (const char* command : {"fetch", "doctor"}) {
      SCOPED_TRACE(command + ::testing::PrintToString(closed));
      std::vector<std::string> words = {command};
      if (words[0] == "fetch") words.emplace_back("cs_test_a1");
      program_call call = stripe.call(words);
      for (const int each : closed)
        call.without(each);
      EXPECT_EQ(call.run().exit_code, 3);
    }
  }
}

TEST(StandardOutput, IsNotNeededForAUsageError) {
  for (const std::vector<std::string>& wrong :
       std::vector<std::vector<std::string>>{{}, {"undo"}, {"decide"}, {"decide", "-", "--now"}}) {
    SCOPED_TRACE(::testing::PrintToString(wrong));
    expect_usage(program_call(wrong).without(STDOUT_FILENO).run());
    expect_usage(program_call(wrong).output_to("/dev/full").run());
  }
}

TEST(StandardInput, ThatIsClosedCannotBeRead) {
  expect_error(program_call({"decide", "-"}).without(STDIN_FILENO).run(), "unreadable_file");
  expect_refused_event(program_call({"verify", "--signature", "t=1"})
                           .variable("STRIPE_WEBHOOK_SECRET", "whsec_1")
                           .without(STDIN_FILENO)
                           .run(),
                       "unreadable_file");
}

TEST(StandardInput, IsNotNeededWhereNothingIsRead) {
  const stripe_server stripe(paid_session());
  expect_outcome(stripe.call({"fetch", "cs_test_a1"}).without(STDIN_FILENO).run());
  EXPECT_EQ(program_call({"--version"}).without(STDIN_FILENO).run().exit_code, 0);
}

TEST(StandardError, ThatIsClosedChangesNothingElse) {
  const stripe_server stripe(paid_session());
  for (program_call& each : calls_that_print(stripe)) {
    const program_run whole = each.run();
    SCOPED_TRACE(whole.output.substr(0, 200));
    const program_run run = each.without(STDERR_FILENO).run();
    EXPECT_EQ(run.exit_code, whole.exit_code);
    EXPECT_EQ(run.output.substr(0, 80), whole.output.substr(0, 80)); // doctor tells the time
    EXPECT_EQ(run.errors, "");
  }
  const program_run usage = program_call({"undo"}).without(STDERR_FILENO).run();
  EXPECT_EQ(usage.exit_code, 2);
  EXPECT_EQ(usage.output, "");
}

} // namespace
