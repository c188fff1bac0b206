{# A value as QGIS writes settings: maps, lists, text. #}
{% macro option(value, name="") %}
{% if value is mapping %}
<Option type="Map"{% if name %} name="{{ name }}"{% endif %}>{% for key, one in value.items() %}{{ option(one, key) }}{% endfor %}</Option>
{% elif value is string or value is number %}
<Option type="QString"{% if name %} name="{{ name }}"{% endif %} value="{{ value }}"/>
{% else %}
<Option type="List"{% if name %} name="{{ name }}"{% endif %}>{% for one in value %}{{ option(one) }}{% endfor %}</Option>
{% endif %}
{% endmacro %}

{# Properties that an expression decides. #}
{% macro dynamic(expressions) %}
<Option type="Map">
  <Option type="QString" name="name" value=""/>
  <Option type="Map" name="properties">
    {% for name, expression in expressions.items() %}
    <Option type="Map" name="{{ name }}">
      <Option type="bool" name="active" value="true"/>
      <Option type="QString" name="expression" value="{{ expression }}"/>
      <Option type="int" name="type" value="3"/>
    </Option>
    {% endfor %}
  </Option>
  <Option type="QString" name="type" value="collection"/>
</Option>
{% endmacro %}

{% macro symbol(one, name) %}
<symbol type="{{ one.kind }}" name="{{ name }}" alpha="1" clip_to_extent="1" force_rhr="0">
  {% for layer in one.layers %}
  <layer class="{{ layer.name }}" enabled="1" locked="0" pass="{{ layer.level }}">
    {% for key, value in layer.props.items() %}
    <prop k="{{ key }}" v="{{ value }}"/>
    {% endfor %}
    {% if layer.dynamic %}
    <data_defined_properties>{{ dynamic(layer.dynamic) }}</data_defined_properties>
    {% endif %}
    {% if layer.inner %}
    {{ symbol(layer.inner, "@" ~ name ~ "@" ~ loop.index0) }}
    {% endif %}
  </layer>
  {% endfor %}
</symbol>
{% endmacro %}

{% macro rules(all) %}
<rules key="{root}">
  {% for rule in all %}
  <rule key="{rule-{{ loop.index0 }}}" symbol="{{ loop.index0 }}" label="{{ rule.label }}"
        {%- if rule.where %} filter="{{ rule.where }}"{% endif %}
        {%- if rule.closer_than %} scalemaxdenom="{{ rule.closer_than }}"{% endif %}
        {%- if rule.farther_than %} scalemindenom="{{ rule.farther_than }}"{% endif %}/>
  {% endfor %}
</rules>
{% endmacro %}

{% macro text_style(text, size, colour, fonts, halo=0.9) %}
<text-style fieldName="{{ text }}" isExpression="1" fontFamily="{{ fonts[0] }}" namedStyle="Regular"
    fontSize="{{ size }}" fontSizeUnit="Point" fontWeight="50" textColor="{{ colour | rgb }}"
    textOpacity="1" multilineHeight="1" blendMode="0" allowHtml="0">
  <families>{% for family in fonts[1:] %}<family name="{{ family }}"/>{% endfor %}</families>
  <text-buffer bufferDraw="{{ 1 if halo else 0 }}" bufferSize="{{ halo or 0.9 }}" bufferSizeUnits="MM"
      bufferColor="255,255,255,255" bufferOpacity="0.9" bufferJoinStyle="128" bufferNoFill="0"/>
</text-style>
{% endmacro %}
