// A process beside the test's, and a pipe each way.
#pragma once

#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

class child_process {
public:
  /// What the work has to talk with.
  struct pipes {
    int in;
    int out;

    void say(const std::string& line) const {
      const std::string text = line + "\n";
      if (write(out, text.data(), text.size()) != static_cast<ssize_t>(text.size())) _exit(3);
    }
    /// Until the parent says so, or is gone.
    void wait() const {
      char byte = 0;
      while (read(in, &byte, 1) == -1) {
      }
    }
  };

  /// Fails where work throws a std::exception. No store may be open by now.
  explicit child_process(const std::function<void(const pipes&)>& work) {
    std::array<int, 2> up{};
    std::array<int, 2> down{};
    if (pipe(up.data()) != 0 || pipe(down.data()) != 0) throw std::runtime_error("no pipes");
    pid_ = fork();
    if (pid_ == 0) {
      close(up[0]);
      close(down[1]);
      try {
        work({down[0], up[1]});
      } catch (const std::exception& thrown) {
        std::fprintf(stderr, "in a child: %s\n", thrown.what());
        _exit(2);
      }
      _exit(0);
    }
    close(up[1]);
    close(down[0]);
    from_ = up[0];
    to_ = down[1];
  }
  ~child_process() {
    if (pid_ > 0) kill_now();
    close(from_);
    close(to_);
  }
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  void go_on() const {
    if (write(to_, "x", 1) != 1) throw std::runtime_error("the child does not listen");
  }
  /// What it says next; none once it has ended.
  std::optional<std::string> line() {
    std::string text;
    char byte = 0;
    while (read(from_, &byte, 1) == 1) {
      if (byte == '\n') return text;
      text += byte;
    }
    return std::nullopt;
  }
  std::vector<std::string> lines() {
    std::vector<std::string> all;
    while (auto next = line())
      all.push_back(*next);
    return all;
  }
  void kill_now() {
    kill(pid_, SIGKILL);
    succeeded();
  }
  /// Once it has ended.
  bool succeeded() {
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

private:
  pid_t pid_ = 0;
  int from_ = -1;
  int to_ = -1;
};
