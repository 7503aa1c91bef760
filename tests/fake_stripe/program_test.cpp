// The program as a shell starts it.
#include "shop.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

class running_program {
public:
  explicit running_program(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), FAKE_STRIPE_PROGRAM);
    std::vector<char*> pointers;
    for (std::string& each : arguments)
      pointers.push_back(each.data());
    pointers.push_back(nullptr);
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("pipe failed");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    const int failure =
        posix_spawn(&child_, FAKE_STRIPE_PROGRAM, &actions, nullptr, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    output_ = fdopen(ends[0], "r");
    if (failure != 0) throw std::runtime_error("cannot start " FAKE_STRIPE_PROGRAM);
  }
  ~running_program() {
    if (child_ != 0) end(SIGKILL);
    std::fclose(output_);
  }
  running_program(const running_program&) = delete;
  running_program& operator=(const running_program&) = delete;

  // Empty at the end of the output.
  std::string line() {
    std::string text;
    for (int c = std::fgetc(output_); c != EOF && c != '\n'; c = std::fgetc(output_))
      text += static_cast<char>(c);
    return text;
  }
  // Its exit code, or minus the signal that ended it. 0: it is not signalled.
  int end(int signal) {
    if (signal != 0) kill(child_, signal);
    int status = 0;
    waitpid(child_, &status, 0);
    child_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

private:
  pid_t child_ = 0;
  std::FILE* output_ = nullptr;
};

TEST(FakeStripeProgram, SaysItsUrlFirstAndEndsBySignal) {
  for (const int signal : {SIGINT, SIGTERM}) {
    running_program program({"--port", "0"});
    const std::string url = program.line();
    EXPECT_EQ(url.rfind("http://127.0.0.1:", 0), 0u);
    EXPECT_EQ(shop(url).create().at("status"), "open");
    EXPECT_EQ(program.end(signal), 0);
    EXPECT_EQ(program.line(), "");
  }
}

TEST(FakeStripeProgram, SaysWhereTheAuthorityIs) {
  running_program program({"--tls"});
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
  running_program program({"--tls", "--tls-ca-file", ca_file});
  program.line();
  EXPECT_EQ(program.line(), ca_file);
  EXPECT_EQ(program.end(SIGTERM), 0);
  EXPECT_TRUE(std::filesystem::remove(ca_file));
}

TEST(FakeStripeProgram, TellsWrongUseFromFailure) {
  const auto exit_code = [](std::vector<std::string> arguments) {
    return running_program(std::move(arguments)).end(0);
  };
  EXPECT_EQ(exit_code({"--nothing"}), 2);
  EXPECT_EQ(exit_code({"--port", "70000"}), 2);
  EXPECT_EQ(exit_code({"--webhook", "http://127.0.0.1:9/"}), 2);
  EXPECT_EQ(exit_code({"--tls-ca-file", "ca.pem"}), 2);
  EXPECT_EQ(exit_code({"--webhook", "http://192.0.2.1/", "--webhook-secret", "whsec_x"}), 1);
  EXPECT_EQ(exit_code({"--tls", "--tls-ca-file", "/nonexistent/ca.pem"}), 1);
  EXPECT_EQ(exit_code({"--help"}), 0);
}

} // namespace
