// A program that runs while the test does.
#pragma once

#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

/// Its standard output is read line by line; it is killed when the object goes.
class running_program {
public:
  // `variables` ("NAME=value") are added to the environment; it starts without the `closed` ones of
  // the descriptors 0, 1 and 2.
  running_program(const std::string& path, std::vector<std::string> arguments,
                  std::vector<std::string> variables = {}, const std::vector<int>& closed = {}) {
    arguments.insert(arguments.begin(), path);
    for (char** each = environ; *each != nullptr; ++each)
      variables.emplace_back(*each); // of two with one name, the first counts
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("pipe failed");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    for (const int descriptor : closed)
      posix_spawn_file_actions_addclose(&actions, descriptor);
    // As a shell starts it. The test itself may ignore the signal, as cpp-httplib does.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t usual;
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    const int failure = posix_spawn(&child_, path.c_str(), &actions, &attributes,
                                    pointers(arguments).data(), pointers(variables).data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    output_ = fdopen(ends[0], "r");
    if (failure != 0) throw std::runtime_error("cannot start " + path);
  }
  ~running_program() {
    if (child_ != 0) end(SIGKILL);
    std::fclose(output_);
  }
  running_program(const running_program&) = delete;
  running_program& operator=(const running_program&) = delete;

  pid_t id() const { return child_; }

  // Empty at the end of the output.
  std::string line() {
    std::string text;
    for (int c = std::fgetc(output_); c != EOF && c != '\n'; c = std::fgetc(output_))
      text += static_cast<char>(c);
    return text;
  }
  // All that it will have written when it ends.
  std::string rest() {
    std::string text;
    for (int c = std::fgetc(output_); c != EOF; c = std::fgetc(output_))
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
  static std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (std::string& each : texts)
      all.push_back(each.data());
    all.push_back(nullptr);
    return all;
  }

  pid_t child_ = 0;
  std::FILE* output_ = nullptr;
};
