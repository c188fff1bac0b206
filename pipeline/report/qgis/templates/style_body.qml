{% import "macros.qml" as write %}
<renderer-v2 type="RuleRenderer" symbollevels="1" enableorderby="0" forceraster="0">
  {{ write.rules(style.rules) }}
  <symbols>
    {% for one in symbols %}
    {{ write.symbol(one, loop.index0) }}
    {% endfor %}
  </symbols>
</renderer-v2>
{% if style.label %}
{% set label = style.label %}
<labeling type="simple">
  <settings calloutType="simple">
    {{ write.text_style(label.text, label.size, label.colour, fonts, halo=label.halo) }}
    <text-format multilineAlign="1" wrapChar="" autoWrapLength="0" addDirectionSymbol="0"/>
    {% if label.beside %}
    <placement placement="8" priority="{{ label.priority }}" dist="1" distUnits="MM"/>
    {% else %}
    <placement placement="1" centroidInside="1" centroidWhole="1" priority="{{ label.priority }}" dist="0"/>
    {% endif %}
    <rendering drawLabels="1" displayAll="0" obstacle="0" obstacleFactor="0"
        scaleVisibility="{{ 1 if label.closer_than else 0 }}" scaleMin="0" scaleMax="{{ label.closer_than or no_limit }}"/>
    {% if label.dynamic %}
    <dd_properties>{{ write.dynamic(label.dynamic) }}</dd_properties>
    {% endif %}
  </settings>
</labeling>
{% endif %}
<fieldConfiguration>
  {% for field in widgets %}
  <field name="{{ field.name }}" configurationFlags="None">
    <editWidget type="{{ field.kind }}"><config>{{ write.option(field.config) }}</config></editWidget>
  </field>
  {% endfor %}
</fieldConfiguration>
<aliases>
  {% for field in widgets %}
  <alias index="{{ loop.index0 }}" field="{{ field.name }}" name="{{ field.alias }}"/>
  {% endfor %}
</aliases>
<editable>
  {% for field in widgets %}
  <field name="{{ field.name }}" editable="{{ 1 if field.name in style.editable else 0 }}"/>
  {% endfor %}
</editable>
{% if style.needs %}
<constraints>
  {% for name, expression, text in style.needs %}
  <constraint field="{{ name }}" constraints="4" unique_strength="0" notnull_strength="0" exp_strength="2"/>
  {% endfor %}
</constraints>
<constraintExpressions>
  {% for name, expression, text in style.needs %}
  <constraint field="{{ name }}" exp="{{ expression }}" desc="{{ text }}"/>
  {% endfor %}
</constraintExpressions>
{% endif %}
<editorlayout>tablayout</editorlayout>
<attributeEditorForm>
  {% for tab in style.tabs %}
  <attributeEditorContainer name="{{ tab.title }}" columnCount="1" groupBox="0" showLabel="1" visibilityExpressionEnabled="0" visibilityExpression="">
    {% for name in tab.columns %}
    <attributeEditorField name="{{ name }}" index="-1" showLabel="1"/>
    {% endfor %}
  </attributeEditorContainer>
  {% endfor %}
  {% if relation %}
  <attributeEditorContainer name="碎片" columnCount="1" groupBox="0" showLabel="1" visibilityExpressionEnabled="0" visibilityExpression="">
    <attributeEditorRelation name="{{ relation }}" relation="{{ relation }}" nmRelationId="" forceSuppressFormPopup="0" showLabel="0" label="" relationWidgetTypeId="relation_editor">
      <editor_configuration type="Map"><Option type="QString" name="buttons" value="ZoomToChildFeature"/></editor_configuration>
    </attributeEditorRelation>
  </attributeEditorContainer>
  {% endif %}
</attributeEditorForm>
<previewExpression>{{ style.shown_as }}</previewExpression>
{% if style.tip %}
<mapTip>&lt;table&gt;
{%- for name, expression in style.tip -%}
&lt;tr&gt;&lt;td style="color:#57606a"&gt;{{ name }}&amp;nbsp;&lt;/td&gt;&lt;td&gt;[% replace(replace(coalesce(to_string({{ expression }}), '—'), '&amp;', '&amp;amp;'), '&lt;', '&amp;lt;') %]&lt;/td&gt;&lt;/tr&gt;
{%- endfor -%}
&lt;/table&gt;</mapTip>
{% endif %}
