"""Sends one text the way newcomers to RabbitMQ do first. Arguments: port of the broker, name of the queue."""

import sys

import pika

port, queue = int(sys.argv[1]), sys.argv[2]

connection = pika.BlockingConnection(pika.ConnectionParameters(host='127.0.0.1', port=port))
channel = connection.channel()
channel.queue_declare(queue=queue)
channel.basic_publish(exchange='', routing_key=queue, body='Hello World!')
connection.close()
