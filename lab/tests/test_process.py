"""The processes: ready line, port file, and leaving nothing behind."""

import os
import signal
import tempfile
import unittest

from tests.worlds import lab_process


class Serving(unittest.TestCase):
    def start(self, *arguments):
        process = lab_process("serve", *arguments)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stdin.close)
        self.addCleanup(process.kill)
        return process, process.stdout.readline().strip()

    def test_ready_line_port_file_and_sigterm(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "port")
            process, endpoint = self.start("--port", "0", "--port-file", path)
            self.assertRegex(endpoint, r"^http://127\.0\.0\.1:\d+$")
            with open(path, encoding="utf-8") as port:
                self.assertTrue(endpoint.endswith(":" + port.read()))
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(5), 0)

    def test_ends_with_its_standard_input(self):
        process, _ = self.start("--exit-with-stdin")
        process.stdin.close()
        self.assertEqual(process.wait(5), 0)

    def test_up_prints_what_to_paste(self):
        process = lab_process("up", "small", "--exit-with-stdin")
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stdin.close)
        self.addCleanup(process.kill)
        exports, truth = process.stdout.readline(), process.stdout.readline()
        self.assertRegex(exports, r"^export AWS_ENDPOINT_URL=http://127\.0\.0\.1:\d+ AWS_ACCESS_KEY_ID=")
        path = truth.split(": ")[1].strip()
        self.assertTrue(os.path.getsize(path) > 1000)
        os.remove(path)
        os.rmdir(os.path.dirname(path))
        process.stdin.close()
        self.assertEqual(process.wait(5), 0)


if __name__ == "__main__":
    unittest.main()
