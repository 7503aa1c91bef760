// Runs a fuzz target without libFuzzer, built by any compiler: over every file given (folders are
// searched), then over inputs mutated from them, the same ones each time.
//
// usage: replay [--mutations COUNT] [--longest BYTES] FILE|FOLDER...

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

const std::string* running = nullptr;

// The input of a finding, for the corpus: standard error has the property.
void keep_input(int signal) {
  if (running != nullptr) {
    if (std::FILE* file = std::fopen("replay-finding", "wb")) {
      std::fwrite(running->data(), 1, running->size(), file);
      std::fclose(file);
      std::fputs("its input is in ./replay-finding\n", stderr);
    }
  }
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void run(const std::string& input) {
  running = &input;
  // A copy of exactly that size, so that AddressSanitizer sees a read past the end.
  const std::vector<std::uint8_t> bytes(input.begin(), input.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  running = nullptr;
}

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "cannot read %s\n", path.c_str());
    std::exit(2);
  }
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void add(const std::filesystem::path& path, std::vector<std::string>& inputs) {
  if (!std::filesystem::is_directory(path)) return inputs.push_back(content(path));
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end()); // folders come in any order
  for (const auto& file : files)
    inputs.push_back(content(file));
}

class mutator {
public:
  explicit mutator(const std::vector<std::string>& corpus) : corpus_(corpus) {}

  std::string next() {
    std::string input = any_of_corpus();
    for (std::size_t steps = 1 + below(4); steps != 0; --steps)
      mutate(input);
    return input;
  }

private:
  // Not std::uniform_int_distribution: each standard library has its own.
  std::size_t below(std::size_t count) {
    return count == 0 ? 0 : static_cast<std::size_t>(random_() % count);
  }
  const std::string& any_of_corpus() { return corpus_[below(corpus_.size())]; }

  void mutate(std::string& input) {
    const std::size_t at = below(input.size() + 1);
    switch (below(6)) {
    case 0:
      if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << below(8)));
      break;
    case 1:
      if (at < input.size()) input[at] = static_cast<char>(below(256));
      break;
    case 2: input.insert(at, 1, static_cast<char>(below(256))); break;
    case 3: input.erase(at, 1 + below(16)); break;
    case 4: input.insert(at, input.substr(below(input.size() + 1), 1 + below(32))); break;
    default: {
      const std::string& other = any_of_corpus();
      input.insert(at, other.substr(below(other.size() + 1), 1 + below(64)));
    }
    }
  }

  const std::vector<std::string>& corpus_;
  std::mt19937_64 random_{20261122};
};

} // namespace

int main(int count, char** arguments) {
  unsigned long mutations = 0;
  unsigned long longest = 4096; // of the inputs to mutate: the recorded sessions take long each
  std::vector<std::string> inputs;
  for (int i = 1; i < count; ++i) {
    const bool has_value = i + 1 < count;
    if (std::strcmp(arguments[i], "--mutations") == 0 && has_value) {
      mutations = std::strtoul(arguments[++i], nullptr, 10);
    } else if (std::strcmp(arguments[i], "--longest") == 0 && has_value) {
      longest = std::strtoul(arguments[++i], nullptr, 10);
    } else {
      add(arguments[i], inputs);
    }
  }
  if (inputs.empty()) {
    std::fputs("usage: replay [--mutations COUNT] [--longest BYTES] FILE|FOLDER...\n", stderr);
    return 2;
  }
  std::signal(SIGABRT, keep_input);
  for (const std::string& input : inputs)
    run(input);
  inputs.erase(std::remove_if(inputs.begin(), inputs.end(),
                              [&](const std::string& input) { return input.size() > longest; }),
               inputs.end());
  if (inputs.empty()) inputs.emplace_back();
  mutator mutations_of(inputs);
  for (unsigned long i = 0; i != mutations; ++i)
    run(mutations_of.next());
  std::printf("%zu inputs and %lu mutations of them\n", inputs.size(), mutations);
  return 0;
}
