"""A topic of JSON to an Iceberg table by Spark Structured Streaming: for each line that comes, one run; says its seconds and rows."""

import json
import shutil
import sys
import time
from os.path import join

from pyspark.sql import SparkSession
from pyspark.sql.functions import col, from_json

brokers, topic, place, jars, schema, threads = sys.argv[1:7]
options = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.driver.extraClassPath": jars,
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": threads,
    "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
    "spark.sql.catalog.lake": "org.apache.iceberg.spark.SparkCatalog",
    "spark.sql.catalog.lake.type": "hadoop",
    "spark.sql.catalog.lake.warehouse": join(place, "lake"),
}
builder = SparkSession.builder.master(f"local[{threads}]")
for name, value in options.items():
    builder = builder.config(name, value)
spark = builder.getOrCreate()
spark.sparkContext.setLogLevel("ERROR")


def run() -> tuple[float, int]:
    shutil.rmtree(join(place, "checkpoint"), ignore_errors=True)
    spark.sql("drop table if exists lake.bench.sales")
    where = "_key string, _partition int, _offset bigint, _timestamp timestamp"
    spark.sql(f"create table lake.bench.sales ({schema}, {where}) using iceberg")
    began = time.monotonic()
    messages = spark.readStream.format("kafka").options(
        **{"kafka.bootstrap.servers": brokers, "subscribe": topic, "startingOffsets": "earliest"}
    )
    rows = messages.load().select(
        from_json(col("value").cast("string"), schema).alias("value"),
        col("key").cast("string").alias("_key"),
        col("partition").alias("_partition"),
        col("offset").alias("_offset"),
        col("timestamp").alias("_timestamp"),
    )
    written = (
        rows.select("value.*", "_key", "_partition", "_offset", "_timestamp")
        .writeStream.format("iceberg")
        .outputMode("append")
        .option("checkpointLocation", join(place, "checkpoint"))
        .trigger(availableNow=True)
        .toTable("lake.bench.sales")
    )
    written.awaitTermination()
    took = time.monotonic() - began
    return took, spark.table("lake.bench.sales").count()


for _ in sys.stdin:
    seconds, count = run()
    print(json.dumps([seconds, count]), flush=True)
