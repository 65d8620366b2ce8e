"""Files on any storage that Hadoop reads, without their bytes in Python.

Local files (`file:`) are read where they lie. All others are copied to the disk of whoever needs them, by
Hadoop, in a virtual machine that streams: that of Spark on the driver, a small one of its own beside each
Python worker of an executor, which has 128 MB of heap and lives as long as the worker.
"""
import glob
import os
import pathlib
import re
import shutil
import uuid

# Stores that show a file when it was written whole, and whose rename is a copy and a removal.
OBJECT_STORES = {"s3", "s3a", "gs", "oss", "obs", "cosn"}

# The storage of this process: a virtual machine is started once.
_here = None


class StorageFailed(Exception):
    """A file could not be written."""


def here(settings):
    """The storage of an executor, with what `Storage.settings` gave on the driver."""
    global _here
    if _here is None:
        _here = Storage(lambda: beside_executor(settings))
    return _here


def beside_executor(settings):
    """Starts a virtual machine with the class path of the executor that this worker belongs to."""
    from py4j.java_gateway import GatewayParameters, JavaGateway, launch_gateway

    java, class_path = executor()
    # Jars that came with the job lie in the folder of the executor.
    class_path = os.pathsep.join([class_path, *glob.glob(os.path.join(os.getcwd(), "*.jar"))])
    port, token = launch_gateway(
        jarpath=os.getcwd(), classpath=class_path, java_path=java, die_on_exit=True, enable_auth=True,
        javaopts=["-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"])
    gateway = JavaGateway(gateway_parameters=GatewayParameters(
        port=port, auth_token=token, auto_convert=True))
    configuration = gateway.jvm.org.apache.hadoop.conf.Configuration(False)
    configuration.addResource(gateway.jvm.java.io.ByteArrayInputStream(settings))
    return gateway, configuration


def executor():
    """Java and the class path of the nearest process above this one that is a virtual machine."""
    process = os.getppid()
    while process > 1:
        entry = pathlib.Path(f"/proc/{process}")
        program = os.readlink(entry / "exe")
        if os.path.basename(program) == "java":
            words = (entry / "cmdline").read_bytes().decode(errors="surrogateescape").split("\0")
            for option in ("-cp", "-classpath", "--class-path"):
                if option in words:
                    return program, words[words.index(option) + 1]
            environment = (entry / "environ").read_bytes().decode(errors="surrogateescape").split("\0")
            found = dict(line.partition("=")[::2] for line in environment)
            return program, found.get("CLASSPATH", "")
        process = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    raise StorageFailed("no virtual machine is above this process")


def local(text):
    """The path of a local file; None where it is no `file:`."""
    found = re.match(r"^file:/+(?P<rest>.*)$", text)
    return f"/{found['rest']}" if found else None


class Storage:
    def __init__(self, start):
        self.start, self.started = start, None

    @classmethod
    def of_driver(cls, context):
        return cls(lambda: (context._gateway, context._jsc.hadoopConfiguration()))

    @property
    def machine(self):
        if self.started is None:
            self.started = self.start()
        return self.started[0].jvm

    @property
    def configuration(self):
        self.machine
        return self.started[1]

    def settings(self):
        """All settings of Hadoop, for `here`."""
        stream = self.machine.java.io.ByteArrayOutputStream()
        self.configuration.writeXml(stream)
        return bytes(stream.toByteArray())

    def path(self, text):
        return self.machine.org.apache.hadoop.fs.Path(text)

    def system(self, path):
        return path.getFileSystem(self.configuration)

    def qualified(self, text):
        """A path with its scheme, which the default file system says where it has none."""
        path = self.path(text)
        return self.system(path).makeQualified(path).toString()

    def files(self, text):
        """All files below a path: (name within it, path), in the order of names."""
        path = self.path(text)
        system = self.system(path)
        if not system.exists(path):
            return None
        root = system.makeQualified(path).toUri().getPath().rstrip("/")
        found, listing = [], system.listFiles(path, True)
        while listing.hasNext():
            status = listing.next()
            name = status.getPath().toUri().getPath()[len(root):].lstrip("/")
            found.append((name, status.getPath().toString()))
        return sorted(found)

    def bring(self, text, target):
        """Makes a file readable at a local path."""
        target.parent.mkdir(parents=True, exist_ok=True)
        source = local(text)
        if source is not None:
            target.symlink_to(source)
        else:
            path = self.path(text)
            self.system(path).copyToLocalFile(False, path, self.path(f"file://{target}"), True)

    def publish(self, source, folder):
        """Copies a local file into a folder, where it takes the place of an earlier one at once.

        It is copied under a name of its own and renamed over the other. In an object store it is written
        under its own name, since it is not seen there before it is whole.
        """
        name = f".{source.name}.{uuid.uuid4().hex}.tmp"
        place = local(folder)
        if place is not None:
            place = pathlib.Path(place)
            place.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, place / name)
            os.replace(place / name, place / source.name)
            return
        target = self.path(f"{folder}/{source.name}")
        system = self.system(target)
        written = target if system.getUri().getScheme() in OBJECT_STORES else self.path(f"{folder}/{name}")
        system.setWriteChecksum(False)
        system.copyFromLocalFile(False, True, self.path(f"file://{source}"), written)
        if written is not target:
            classes = self.machine.org.apache.hadoop.fs
            options = self.started[0].new_array(getattr(classes, "Options$Rename"), 1)
            options[0] = getattr(classes, "Options$Rename").OVERWRITE
            context = classes.FileContext.getFileContext(target.toUri(), self.configuration)
            context.rename(written, target, options)

    def sweep(self, folder):
        """Removes what tasks that were killed had begun to write."""
        for name, path in self.files(folder) or []:
            if re.fullmatch(r"\..*\.[0-9a-f]{32}\.tmp", name.rpartition("/")[2]):
                path = self.path(path)
                self.system(path).delete(path, False)
