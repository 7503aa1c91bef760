// The program as a shell starts it.
#include "running_program.hpp"
#include "shop.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace {

TEST(FakeStripeProgram, SaysItsUrlFirstAndEndsBySignal) {
  for (const int signal : {SIGINT, SIGTERM}) {
    running_program program(FAKE_STRIPE_PROGRAM, {"--port", "0"});
    const std::string url = program.line();
    EXPECT_EQ(url.rfind("http://127.0.0.1:", 0), 0u);
    EXPECT_EQ(shop(url).create().at("status"), "open");
    EXPECT_EQ(program.end(signal), 0);
    EXPECT_EQ(program.line(), "");
  }
}

TEST(FakeStripeProgram, GivesNoConnectionTheNumberOfAStandardStream) {
  running_program program(FAKE_STRIPE_PROGRAM, {}, {}, {STDIN_FILENO, STDERR_FILENO});
  const std::string url = program.line();
  EXPECT_EQ(shop(url).create().at("status"), "open");
  const std::string descriptors = "/proc/" + std::to_string(program.id()) + "/fd/";
  for (const int each : {STDIN_FILENO, STDERR_FILENO})
    EXPECT_EQ(std::filesystem::read_symlink(descriptors + std::to_string(each)), "/dev/null");
  EXPECT_EQ(program.end(SIGTERM), 0);
}

TEST(FakeStripeProgram, SaysWhereTheAuthorityIs) {
  running_program program(FAKE_STRIPE_PROGRAM, {"--tls"});
  EXPECT_EQ(program.line().rfind("https://127.0.0.1:", 0), 0u);
  const std::string ca_file = program.line();
  std::string first;
  std::getline(std::ifstream(ca_file), first);
  EXPECT_EQ(first, "-----BEGIN CERTIFICATE-----");
  EXPECT_EQ(program.end(SIGTERM), 0);
  EXPECT_FALSE(std::filesystem::exists(ca_file));
}

TEST(FakeStripeProgram, WritesTheAuthorityWhereItIsTold) {
  const std::string ca_file = testing::TempDir() + "fake_stripe_program_test_ca.pem";
  running_program program(FAKE_STRIPE_PROGRAM, {"--tls", "--tls-ca-file", ca_file});
  program.line();
  EXPECT_EQ(program.line(), ca_file);
  EXPECT_EQ(program.end(SIGTERM), 0);
  EXPECT_TRUE(std::filesystem::remove(ca_file));
}

TEST(FakeStripeProgram, ListsItsRoutesAndCommandsInItsHelp) {
  running_program program(FAKE_STRIPE_PROGRAM, {"--help"});
  const std::string help = program.rest();
  EXPECT_NE(help.find("POST /v1/checkout/sessions/:id/expire"), help.npos);
  EXPECT_NE(help.find("POST /_fake/sessions/:id/capture {amount}"), help.npos);
  EXPECT_EQ(program.end(0), 0);
}

TEST(FakeStripeProgram, TellsWrongUseInTwoLines) {
  const std::pair<std::vector<std::string>, std::string> wrong[] = {
      {{"--nothing"}, "there is no such option"},
      {{"nothing"}, "an argument was not expected"},
      {{"--port", "70000"}, "--port takes 0 to 65535"},
      {{"--port"}, "--port takes one value"},
      {{"--tls=no way"}, "an option that takes no value was given one"},
      {{"--webhook", "http://127.0.0.1:9/"}, "--webhook requires --webhook-secret"},
      {{"--tls-ca-file", "ca.pem"}, "--tls-ca-file requires --tls"}};
  for (const auto& [arguments, why] : wrong) {
    std::vector<std::string> words = {"-c", "exec \"$0\" \"$@\" 2>&1 >/dev/null",
                                      FAKE_STRIPE_PROGRAM};
    words.insert(words.end(), arguments.begin(), arguments.end());
    running_program program("/bin/sh", words);
    EXPECT_EQ(program.rest(), "fake-stripe: " + why + "\nTry 'fake-stripe --help'.\n");
    EXPECT_EQ(program.end(0), 2);
  }
  running_program program(FAKE_STRIPE_PROGRAM, {"--nothing"});
  EXPECT_EQ(program.rest(), "");
}

TEST(FakeStripeProgram, TellsWrongUseFromFailure) {
  const auto exit_code = [](std::vector<std::string> arguments) {
    return running_program(FAKE_STRIPE_PROGRAM, std::move(arguments)).end(0);
  };
  EXPECT_EQ(exit_code({"--nothing"}), 2);
  EXPECT_EQ(exit_code({"--webhook", "http://192.0.2.1/", "--webhook-secret", "whsec_x"}), 1);
  EXPECT_EQ(exit_code({"--tls", "--tls-ca-file", "/nonexistent/ca.pem"}), 1);
  EXPECT_EQ(exit_code({"--help"}), 0);
}

} // namespace
